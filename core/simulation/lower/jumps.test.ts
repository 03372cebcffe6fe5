import { describe, expect, it } from 'vitest';
import { simulate } from '../test-support.js';

function run(body: string, variables = '', dialect: 'codesys' | 'siemens' = 'codesys') {
  const simulation = simulate(
    `PROGRAM Main VAR n : INT; i : INT; k : INT; a : ARRAY[0..9] OF INT; stop : BOOL; ${variables} END_VAR
${body}
END_PROGRAM`,
    dialect,
  );
  const fault = simulation.scan();
  return { fault, unknown: simulation.isUnknown, value: (name: string) => simulation.readJson(`Main.${name}`) };
}

describe('JMP', () => {
  const table: readonly { readonly name: string; readonly body: string; readonly n: number }[] = [
    { name: 'forward over statements', body: 'n := 1; JMP past; n := 2; past: n := n + 10;', n: 11 },
    { name: 'back, as a loop', body: 'again: n := n + 1; IF n < 5 THEN JMP again; END_IF;', n: 5 },
    {
      name: 'out of nested loops, with what they counted',
      body: 'FOR i := 1 TO 9 DO FOR k := 1 TO 9 DO n := n + 1; IF n = 12 THEN JMP done; END_IF; END_FOR; END_FOR; n := 99; done: n := n + 100;',
      n: 112,
    },
    {
      name: 'between two labels in either direction',
      body: 'JMP second; first: n := n + 1; JMP done; second: n := 10; JMP first; done: ;',
      n: 11,
    },
    {
      name: 'within a branch',
      body: 'IF n = 0 THEN JMP inner; n := 50; inner: n := n + 7; END_IF;',
      n: 7,
    },
    { name: 'to the end', body: 'n := 3; JMP finish; n := 4; finish: ;', n: 3 },
  ];
  for (const { name, body, n } of table) {
    it(name, () => {
      const { fault, unknown, value } = run(body);
      expect(fault).toBeNull();
      expect(unknown).toBe(false);
      expect(value('n')).toBe(n);
    });
  }

  it('EXIT of a loop around labels still leaves that loop', () => {
    const { value } = run(
      'FOR i := 1 TO 9 DO JMP skip; n := 99; skip: n := n + 1; IF n = 3 THEN EXIT; END_IF; END_FOR;',
    );
    expect(value('n')).toBe(3);
    expect(value('i')).toBe(3);
  });

  it('that never ends is an endless loop', () => {
    expect(run('here: JMP here;').fault?.code).toBe('SIM-LOOP');
  });

  it('GOTO of SCL', () => {
    const simulation = simulate(
      `FUNCTION_BLOCK "Fb"
VAR n : INT; END_VAR
BEGIN
  #n := 1;
  GOTO past;
  #n := 2;
past:
  #n := #n + 10;
END_FUNCTION_BLOCK
ORGANIZATION_BLOCK "Main"
VAR_TEMP END_VAR
BEGIN
  "Fb_DB"();
END_ORGANIZATION_BLOCK
DATA_BLOCK "Fb_DB" "Fb" BEGIN END_DATA_BLOCK`,
      'siemens',
    );
    expect(simulation.scan()).toBeNull();
    expect(simulation.isUnknown).toBe(false);
    expect(simulation.readJson('Fb_DB.n')).toBe(11);
  });

  it('into a nested statement is unknown', () => {
    expect(run('JMP inside; IF stop THEN inside: n := 1; END_IF;').unknown).toBe(true);
  });
});
