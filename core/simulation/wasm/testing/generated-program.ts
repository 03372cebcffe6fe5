/** Random ST programs for the comparison of the engines: every elementary type, blocks, arrays, loops, references. */

import fc from 'fast-check';

const INTEGERS = ['SINT', 'USINT', 'INT', 'UINT', 'DINT', 'UDINT', 'LINT', 'ULINT'] as const;
const BITS = ['BYTE', 'WORD', 'DWORD', 'LWORD'] as const;
const REALS = ['REAL', 'LREAL'] as const;
const TYPES = ['BOOL', ...INTEGERS, ...BITS, ...REALS, 'TIME', 'STRING'] as const;
type TypeName = (typeof TYPES)[number];

const isInteger = (type: TypeName): boolean => (INTEGERS as readonly string[]).includes(type);
const isBits = (type: TypeName): boolean => (BITS as readonly string[]).includes(type);

/** Each type has two variables of the program, one of the block instance, one of the structure, one behind VAR_IN_OUT. */
const variable = (type: TypeName): string => `v${type}`;

function leaf(type: TypeName): fc.Arbitrary<string> {
  const name = variable(type);
  const read = fc.constantFrom(name, `${name}2`, `fb.o${type}`, `st.m${type}`, `arr${type}[ix]`, `arr${type}[2]`);
  return fc.oneof({ weight: 3, arbitrary: read }, { weight: 2, arbitrary: literal(type) });
}

function literal(type: TypeName): fc.Arbitrary<string> {
  switch (type) {
    case 'BOOL':
      return fc.constantFrom('TRUE', 'FALSE');
    case 'TIME':
      return fc.integer({ min: 0, max: 100_000 }).map((each) => `T#${each}ms`);
    case 'STRING':
      return fc.constantFrom("'a'", "'run'", "''", "'stopped at guard'");
    case 'REAL':
    case 'LREAL':
      return fc.constantFrom('0.0', '0.1', '1.5', '-2.75', '1.0E10', '3.0E-5', '16777217.0');
    default:
      return fc.constantFrom('0', '1', '2', '3', '7', '100', '127').map((each) => `${type}#${each}`);
  }
}

function expression(type: TypeName, depth: number): fc.Arbitrary<string> {
  if (depth === 0) return leaf(type);
  const inner = expression(type, depth - 1);
  const pair = fc.tuple(inner, inner);
  const choices: fc.Arbitrary<string>[] = [leaf(type)];
  const flag = expression('BOOL', 0);
  choices.push(fc.tuple(flag, inner, inner).map(([g, a, b]) => `SEL(${g}, ${a}, ${b})`));
  if (type === 'BOOL') {
    choices.push(pair.chain(([a, b]) => fc.constantFrom('AND', 'OR', 'XOR').map((op) => `(${a} ${op} ${b})`)));
    choices.push(inner.map((a) => `NOT ${a}`));
    const compared = fc.constantFrom(...TYPES.filter((each) => each !== 'BOOL'));
    choices.push(
      compared.chain((other) =>
        fc
          .tuple(
            expression(other, depth - 1),
            expression(other, depth - 1),
            fc.constantFrom('=', '<>', '<', '>', '<=', '>='),
          )
          .map(([a, b, op]) => `(${a} ${op} ${b})`),
      ),
    );
    choices.push(fc.constant('vWORD.3'), fc.constant('vLWORD.40'));
  }
  if (isInteger(type)) {
    choices.push(pair.chain(([a, b]) => fc.constantFrom('+', '-', '*', '/', 'MOD').map((op) => `(${a} ${op} ${b})`)));
    choices.push(
      pair.map(([a, b]) => `MAX(${a}, ${b})`),
      pair.map(([a, b]) => `LIMIT(${type}#1, ${a}, ${b})`),
    );
    choices.push(
      fc
        .constantFrom(...INTEGERS, ...BITS, ...REALS, 'BOOL' as const)
        .filter((each) => each !== type)
        .chain((other) => expression(other, depth - 1).map((a) => `${other}_TO_${type}(${a})`)),
    );
  }
  if (isBits(type)) {
    choices.push(pair.chain(([a, b]) => fc.constantFrom('AND', 'OR', 'XOR').map((op) => `(${a} ${op} ${b})`)));
    choices.push(inner.map((a) => `NOT ${a}`));
    const turn = fc.constantFrom('SHL', 'SHR', 'ROL', 'ROR');
    choices.push(fc.tuple(turn, inner, fc.integer({ min: 0, max: 70 })).map(([f, a, n]) => `${f}(${a}, ${n})`));
    choices.push(fc.tuple(turn, inner).map(([f, a]) => `${f}(${a}, ix)`));
    choices.push(
      fc
        .constantFrom('INT', 'ULINT', 'DINT')
        .chain((other) => expression(other as TypeName, 0).map((a) => `${other}_TO_${type}(${a})`)),
    );
  }
  if (type === 'REAL' || type === 'LREAL') {
    choices.push(pair.chain(([a, b]) => fc.constantFrom('+', '-', '*', '/').map((op) => `(${a} ${op} ${b})`)));
    choices.push(
      inner.map((a) => `SQRT(ABS(${a}))`),
      inner.map((a) => `SIN(${a})`),
      inner.map((a) => `-(${a})`),
    );
    choices.push(
      fc
        .constantFrom('DINT', 'UDINT', 'LINT', 'ULINT', 'BOOL')
        .chain((other) => expression(other as TypeName, 0).map((a) => `${other}_TO_${type}(${a})`)),
    );
  }
  if (type === 'TIME') {
    choices.push(pair.chain(([a, b]) => fc.constantFrom('+', '-').map((op) => `(${a} ${op} ${b})`)));
    choices.push(fc.constantFrom('fbTimer.ET', 'TIME()'));
    choices.push(inner.map((a) => `(${a} * 3)`));
  }
  if (type === 'STRING') {
    choices.push(
      pair.map(([a, b]) => `CONCAT(${a}, ${b})`),
      inner.map((a) => `LEFT(${a}, 3)`),
    );
    choices.push(fc.constant('DINT_TO_STRING(vDINT)'));
  }
  if (type === 'DINT') choices.push(inner.map((a) => `Twice(${a})`));
  return fc.oneof(...choices);
}

function assignment(depth: number): fc.Arbitrary<string> {
  return fc
    .constantFrom(...TYPES)
    .chain((type) =>
      fc
        .tuple(
          fc.constantFrom(
            variable(type),
            `${variable(type)}2`,
            `fb.i${type}`,
            `st.m${type}`,
            `arr${type}[ix]`,
            `arr${type}[3]`,
            `rows[ix].m${type}`,
          ),
          expression(type, depth),
        )
        .map(([target, value]) => `${target} := ${value};`),
    );
}

function statement(depth: number): fc.Arbitrary<string> {
  const simple = fc.oneof(
    { weight: 8, arbitrary: assignment(2) },
    { weight: 1, arbitrary: fc.constant('fb(io := n2);') },
    { weight: 1, arbitrary: expression('BOOL', 1).map((each) => `fbTimer(IN := ${each}, PT := T#30ms);`) },
    { weight: 1, arbitrary: fc.constant('fb(io := vDINT, oINT => vINT2);') },
    { weight: 1, arbitrary: fc.constant('rows[ix] := st; st := rows[1];') },
    { weight: 1, arbitrary: expression('BOOL', 0).map((each) => `vWORD.5 := ${each}; vLWORD.50 := ${each};`) },
    { weight: 1, arbitrary: expression('INT', 1).map((each) => `ix := ABS(${each}) MOD 5;`) },
    { weight: 1, arbitrary: fc.constant('p := ADR(vDINT2); p^ := p^ + 1;') },
    { weight: 1, arbitrary: expression('DINT', 0).map((each) => `vDINT := fb.Add(${each});`) },
  );
  if (depth === 0) return simple;
  const body = fc.array(statement(depth - 1), { minLength: 1, maxLength: 3 }).map((each) => each.join('\n'));
  return fc.oneof(
    { weight: 5, arbitrary: simple },
    {
      weight: 2,
      arbitrary: fc
        .tuple(expression('BOOL', 2), body, body)
        .map(([c, a, b]) => `IF ${c} THEN\n${a}\nELSE\n${b}\nEND_IF;`),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(expression('INT', 1), body, body, body)
        .map(
          ([c, a, b, d]) => `CASE ${c} OF\n0: ${a}\n1, 3: ${b}\n4..7, 9: ${d}\nELSE\nvBOOL := NOT vBOOL;\nEND_CASE;`,
        ),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(
          fc.constantFrom('k', 'ks'),
          fc.integer({ min: -2, max: 3 }),
          fc.integer({ min: 0, max: 6 }),
          fc.constantFrom('1', '2', '-1'),
          body,
        )
        .map(
          ([k, a, b, by, inner]) =>
            `FOR ${k} := ${a} TO ${b} BY ${by} DO\n${inner}\nIF vBOOL2 THEN EXIT; END_IF;\nEND_FOR;`,
        ),
    },
    {
      weight: 1,
      arbitrary: expression('INT', 0).map(
        (each) => `FOR k := 0 TO 4 DO\narrINT[k] := arrINT[k] + ${each};\nvDINT := vDINT + k;\nEND_FOR;`,
      ),
    },
    {
      weight: 1,
      arbitrary: body.map(
        (inner) => `n := 0;\nWHILE n < 4 DO\nn := n + 1;\nIF vBOOL THEN CONTINUE; END_IF;\n${inner}\nEND_WHILE;`,
      ),
    },
    { weight: 1, arbitrary: body.map((inner) => `n := 0;\nREPEAT\nn := n + 1;\n${inner}\nUNTIL n > 2 END_REPEAT;`) },
  );
}

const declared = (prefix: string): string => TYPES.map((type) => `${prefix}${type} : ${type};`).join(' ');

/** A whole program around random statements. */
export const generatedProgram: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(statement(2), { minLength: 3, maxLength: 10 }),
    fc.array(assignment(1), { minLength: 1, maxLength: 3 }),
  )
  .map(
    ([statements, blockStatements]) => `
TYPE Row : STRUCT ${declared('m')} END_STRUCT END_TYPE
FUNCTION Twice : DINT
VAR_INPUT x : DINT; END_VAR
VAR t : DINT; END_VAR
t := x * 2;
IF t < 0 THEN Twice := t; RETURN; END_IF;
Twice := t + 1;
END_FUNCTION
FUNCTION_BLOCK Block
VAR_INPUT ${declared('i')} END_VAR
VAR_IN_OUT io : DINT; END_VAR
VAR_OUTPUT ${declared('o')} END_VAR
VAR calls : DINT; edge : R_TRIG; END_VAR
METHOD Add : DINT
VAR_INPUT d : DINT; END_VAR
calls := calls + d;
Add := calls;
END_METHOD
calls := calls + 1;
${TYPES.map((type) => `o${type} := i${type};`).join('\n')}
oDINT := oDINT + calls;
io := io + 1;
edge(CLK := iBOOL);
oBOOL := edge.Q;
END_FUNCTION_BLOCK
PROGRAM Main
VAR
${TYPES.map((type) => `v${type} : ${type}; v${type}2 : ${type}; arr${type} : ARRAY[0..4] OF ${type};`).join('\n')}
fb : Block; st : Row; rows : ARRAY[0..4] OF Row; fbTimer : TON; p : POINTER TO DINT;
k : INT; ks : SINT; n : INT; n2 : DINT; ix : INT;
END_VAR
fb(io := vDINT2);
${blockStatements.join('\n')}
${statements.join('\n')}
END_PROGRAM
`,
  );
