/**
 * The compact notation of library tables, one block or function per line:
 *
 *     TON     | IN BOOL, PT TIME         | Q BOOL, ET TIME
 *     LIMIT   | MN IN MX ANY_ELEMENTARY  | ANY_ELEMENTARY
 *     ADD     | IN1 IN2 ANY_MAGNITUDE... | =+
 *
 * Columns: name, inputs, outputs (function: result type), in-outs (function: in-outs, then outputs). In a group the
 * last word is the type of the names before it. `?` after a name: may be left out; `!`: an input that is also written,
 * as the structure that an instruction works on. `...` after a type: more of the
 * same may follow. A generic class (ANY_NUM) used twice in one signature stands for one type. A result `=+` is typed
 * like that operator. `^T` is POINTER TO T, `#` a whole number that fits where it goes. `@` is a name that need not be
 * declared (the class of a GSV), `@ROUTINE` the routine that the call runs.
 */

export interface SignatureParameter {
  readonly name: string;
  readonly direction: 'in' | 'out' | 'in-out';
  /** Upper-case type word of the table. */
  readonly type: string;
  readonly isOptional: boolean;
}

export interface Signature {
  readonly name: string;
  readonly parameters: readonly SignatureParameter[];
  /** The type of further positional inputs (ADD, MUX, CONCAT), or null. */
  readonly variadicType: string | null;
  /** Result type word of a function; empty for none. */
  readonly result: string;
}

/** Reads one line of a function table. */
export function parseFunctionLine(line: string): Signature {
  const [name = '', inputs = '', result = '', inOuts = '', outputs = ''] = columnsOf(line);
  const parameters = [...groupsOf(inputs, 'in'), ...groupsOf(inOuts, 'in-out'), ...groupsOf(outputs, 'out')];
  const variadic = /(\S+)\.\.\.$/.exec(inputs)?.[1] ?? null;
  return { name, parameters, variadicType: variadic, result };
}

/** Reads one line of a block table. */
export function parseBlockLine(line: string): Signature {
  const [name = '', inputs = '', outputs = '', inOuts = ''] = columnsOf(line);
  const parameters = [...groupsOf(inputs, 'in'), ...groupsOf(inOuts, 'in-out'), ...groupsOf(outputs, 'out')];
  return { name, parameters, variadicType: null, result: '' };
}

function columnsOf(line: string): string[] {
  return line.split('|').map((column) => column.trim());
}

function groupsOf(column: string, direction: SignatureParameter['direction']): SignatureParameter[] {
  const parameters: SignatureParameter[] = [];
  for (const group of column.split(',')) {
    const words = group
      .trim()
      .split(/\s+/)
      .filter((word) => word !== '');
    const type = words.pop()?.replace('...', '');
    if (type === undefined) continue;
    for (const word of words)
      parameters.push({
        name: word.replace(/[?!]$/, ''),
        direction: word.endsWith('!') ? 'in-out' : direction,
        type,
        isOptional: word.endsWith('?'),
      });
  }
  return parameters;
}

/** `NAME -> line` of a table text; blank lines and lines that start with `;` are left out. */
export function indexTable(table: string): Map<string, string> {
  const lines = new Map<string, string>();
  for (const line of table.split('\n')) {
    const text = line.trim();
    if (text === '' || text.startsWith(';')) continue;
    lines.set(text.slice(0, text.indexOf('|')).trim().toUpperCase(), text);
  }
  return lines;
}
