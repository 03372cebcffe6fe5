/** Generates programs in the part of Structured Text that both parsers of the comparison know. Seeded: the same text every time. */

function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 0x1_0000_0000;
  };
}

const NAMES = [
  'motorSpeed',
  'bGuardClosed',
  'conveyor',
  'tDelay',
  'iState',
  'rSetpoint',
  'xEnable',
  'fbTimer',
  'nCount',
  'valve',
];
const MEMBERS = ['Q', 'ET', 'Busy', 'Done', 'Status', 'Value'];
const TYPES = ['BOOL', 'INT', 'REAL', 'TON', 'DINT', 'ST_Motor'];

/** About `size` characters of function blocks with declarations, conditions, cases, loops, calls and comments. */
export function subsetProgram(size: number, seed = 1): string {
  const next = random(seed);
  const pick = (list: readonly string[]): string => list[Math.floor(next() * list.length)] ?? '';
  const name = (): string => `${pick(NAMES)}${Math.floor(next() * 20)}`;
  const operand = (): string => {
    const kind = next();
    if (kind < 0.45) return name();
    if (kind < 0.6) return `${name()}.${pick(MEMBERS)}`;
    if (kind < 0.68) return `${name()}[${name()} + 1]`;
    if (kind < 0.8) return String(Math.floor(next() * 1000));
    if (kind < 0.86) return `${Math.floor(next() * 100)}.5`;
    if (kind < 0.92) return pick(['TRUE', 'FALSE', 'T#500ms', "'ready'"]);
    return `LIMIT(0, ${name()}, 100)`;
  };
  const expression = (depth: number): string => {
    if (depth === 0 || next() < 0.25) return operand();
    const kind = next();
    if (kind < 0.15) return `NOT ${operand()}`;
    if (kind < 0.3) return `(${expression(depth - 1)})`;
    return `${expression(depth - 1)} ${pick(['AND', 'OR', '+', '-', '*', '>', '<', '=', '<>', '>='])} ${operand()}`;
  };
  const statement = (indent: string, depth: number): string => {
    const kind = next();
    if (depth > 0 && kind < 0.14) {
      const other = next() < 0.5 ? `${indent}ELSE\n${statements(`${indent}  `, depth - 1, 2)}` : '';
      return `${indent}IF ${expression(2)} THEN\n${statements(`${indent}  `, depth - 1, 2)}${other}${indent}END_IF;\n`;
    }
    if (depth > 0 && kind < 0.19) {
      const branches = [0, 1, 2].map((label) => `${indent}  ${label}:\n${statements(`${indent}    `, 0, 2)}`).join('');
      return `${indent}CASE ${name()} OF\n${branches}${indent}END_CASE;\n`;
    }
    if (depth > 0 && kind < 0.23) {
      return `${indent}FOR ${name()} := 0 TO ${operand()} BY 2 DO\n${statements(`${indent}  `, depth - 1, 2)}${indent}END_FOR;\n`;
    }
    if (kind < 0.36) return `${indent}${name()}(IN := ${expression(1)}, PT := T#1s500ms, Q => ${name()});\n`;
    if (kind < 0.42) return `${indent}(* state of the cell *)\n`;
    return `${indent}${name()} := ${expression(2)}; // set\n`;
  };
  const statements = (indent: string, depth: number, count: number): string =>
    Array.from({ length: count }, () => statement(indent, depth)).join('');
  const parts: string[] = [];
  let length = 0;
  for (let block = 0; length < size; block++) {
    const section = (word: string): string =>
      `${word}\n${Array.from({ length: 8 }, (_, index) => `  ${pick(NAMES)}${index} : ${pick(TYPES)};\n`).join('')}END_VAR\n`;
    const text = `FUNCTION_BLOCK Block${block}\n${section('VAR_INPUT')}${section('VAR')}${statements('', 3, 40)}END_FUNCTION_BLOCK\n\n`;
    parts.push(text);
    length += text.length;
  }
  return parts.join('');
}
