import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeText } from '../base/decode.js';
import { formatSource } from './format-source.js';
import { readSource } from './read-source.js';

const OBJECT = `<TcPlcObject>
  <POU Name="F">
    <Declaration><![CDATA[function_block F
VAR
a:INT;
longer  : BOOL:=TRUE;
END_VAR
]]></Declaration>
    <Implementation>
      <ST><![CDATA[if longer then
a:=1;
end_if]]></ST>
    </Implementation>
    <Method Name="M">
      <Declaration><![CDATA[METHOD  M:INT
VAR_INPUT
x:INT;
END_VAR]]></Declaration>
      <Implementation>
        <ST><![CDATA[M:=x +1;]]></ST>
      </Implementation>
    </Method>
  </POU>
</TcPlcObject>
`;

describe('formatSource', () => {
  it('formats the text in a TwinCAT object and leaves the XML alone', () => {
    expect(formatSource('F.TcPOU', OBJECT, 'twincat')).toBe(`<TcPlcObject>
  <POU Name="F">
    <Declaration><![CDATA[FUNCTION_BLOCK F
VAR
  a      : INT;
  longer : BOOL := TRUE;
END_VAR
]]></Declaration>
    <Implementation>
      <ST><![CDATA[IF longer THEN
  a := 1;
END_IF]]></ST>
    </Implementation>
    <Method Name="M">
      <Declaration><![CDATA[METHOD M : INT
VAR_INPUT
  x : INT;
END_VAR]]></Declaration>
      <Implementation>
        <ST><![CDATA[M := x + 1;]]></ST>
      </Implementation>
    </Method>
  </POU>
</TcPlcObject>
`);
  });

  it('leaves files alone that other tools lay out', () => {
    for (const path of ['a.L5X', 'a.xml', 'a.s7dcl'])
      expect(formatSource(path, 'x   :=1 ;', 'siemens')).toBe('x   :=1 ;');
  });

  it('formats plain text by its extension', () => {
    expect(formatSource('a.scl', 'FUNCTION "F" : Void\nBEGIN\n#a:=1;\nEND_FUNCTION\n', 'iec')).toBe(
      'FUNCTION "F" : Void\nBEGIN\n#a := 1;\nEND_FUNCTION\n',
    );
  });
});

const CORPUS = join(import.meta.dirname, '../../../shared/corpus/twincat');

describe.skipIf(!existsSync(CORPUS))('real TwinCAT objects', () => {
  const names = existsSync(CORPUS) ? readdirSync(CORPUS).filter((name) => /\.Tc\w+$/.test(name)) : [];
  it.each(names)('%s: formatting keeps the program, and twice is once', (name) => {
    const { text } = decodeText(readFileSync(join(CORPUS, name)));
    const formatted = formatSource(name, text, 'twincat');
    expect(readSource(name, formatted, 'twincat').syntaxErrors).toEqual([]);
    expect(formatSource(name, formatted, 'twincat')).toBe(formatted);
    const words = (content: string): string => content.replace(/\s+/g, '').toUpperCase();
    expect(words(formatted)).toBe(words(text));
  });
});
