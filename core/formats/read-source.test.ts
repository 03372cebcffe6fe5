import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SYNTAX_CODES } from '../language/syntax/syntax-codes.js';
import type { SourceFile } from '../language/syntax/tree.js';
import { outlineStatements } from '../language/syntax/tree-outline.js';
import { childrenOf, walk } from '../language/syntax/walk.js';
import { dialectForPath, LOOSE_FILE_DIALECT, readSource } from './read-source.js';

const POU = `\ufeff<?xml version="1.0" encoding="utf-8"?>\r
<TcPlcObject Version="1.1.0.1" ProductVersion="3.1.4024.12">\r
  <POU Name="Pump" Id="{1}" SpecialFunc="None">\r
    <Declaration><![CDATA[{attribute 'x'}\r
FUNCTION_BLOCK Pump EXTENDS Base IMPLEMENTS IPump\r
VAR\r
  speed : INT; // m/s\r
END_VAR]]></Declaration>\r
    <Implementation>\r
      <ST><![CDATA[IF speed > 5 THEN\r
  Stop();\r
END_IF]]></ST>\r
    </Implementation>\r
    <Folder Name="F" Id="{2}" />\r
    <Method Name="Stop" Id="{3}">\r
      <Declaration><![CDATA[METHOD PUBLIC Stop : BOOL\r
VAR_INPUT\r
  a : INT;\r
END_VAR]]></Declaration>\r
      <Implementation>\r
        <ST><![CDATA[speed := 0;]]></ST>\r
      </Implementation>\r
    </Method>\r
    <Property Name="Speed" Id="{4}">\r
      <Declaration><![CDATA[PROPERTY Speed : INT]]></Declaration>\r
      <Get Name="Get" Id="{5}">\r
        <Declaration><![CDATA[VAR\r
END_VAR]]></Declaration>\r
        <Implementation>\r
          <ST><![CDATA[Speed := speed;]]></ST>\r
        </Implementation>\r
      </Get>\r
    </Property>\r
    <Action Name="Reset" Id="{6}">\r
      <Implementation>\r
        <ST><![CDATA[speed := 1;]]></ST>\r
      </Implementation>\r
    </Action>\r
  </POU>\r
</TcPlcObject>`;

function errorsOf(file: SourceFile): string[] {
  return file.syntaxErrors.map((error) => `${error.code} ${error.message}`);
}

describe('TwinCAT objects', () => {
  it('reads a function block with its members in place', () => {
    const file = readSource('Pump.TcPOU', Buffer.from(POU), 'codesys');
    expect(errorsOf(file)).toEqual([]);
    expect(file.dialect).toBe('twincat');
    expect(file.declarations).toMatchObject([
      {
        kind: 'Pou',
        name: { name: 'Pump' },
        extends: [{ parts: [{ name: 'Base' }] }],
        pragmas: [{ text: "attribute 'x'" }],
        sections: [{ variables: [{ names: [{ name: { name: 'speed' } }] }] }],
        methods: [
          { name: { name: 'Stop' }, modifiers: { access: 'public' }, sections: [{ sectionKind: 'VAR_INPUT' }] },
        ],
        properties: [{ name: { name: 'Speed' }, get: { kind: 'PropertyAccessor' }, set: null }],
        actions: [{ name: { name: 'Reset' } }],
      },
    ]);
    const pou = file.declarations[0];
    if (pou?.kind !== 'Pou' || pou.body.kind !== 'StatementList') throw new Error('no body');
    expect(outlineStatements(pou.body)).toBe('IF (speed > 5) {Stop();}');
    expect(file.text.slice(pou.body.start, pou.body.end)).toBe('IF speed > 5 THEN\r\n  Stop();\r\nEND_IF');
    expect(file.text.slice(pou.name.start, pou.name.end)).toBe('Pump');
    expect(file.comments.map((comment) => file.text.slice(comment.start, comment.end))).toEqual(['// m/s']);
  });

  it('points into the XML with its errors', () => {
    const file = readSource('Pump.TcPOU', POU.replace('speed := 0;', 'speed := ;'), 'twincat');
    expect(file.syntaxErrors.map((error) => file.text.slice(error.start, error.end + 3))).toEqual([';]]>']);
  });

  it('reads text without CDATA, and several sections of it, at the offsets of the file', () => {
    const text = POU.replace(
      '<![CDATA[IF speed > 5 THEN\r\n  Stop();\r\nEND_IF]]>',
      'IF speed &lt; 5 &amp; b THEN Stop(); END_IF',
    ).replace('<![CDATA[speed := 0;]]>', "<![CDATA[s := 'a]]]]><![CDATA[>';]]>");
    const file = readSource('Pump.TcPOU', text, 'twincat');
    expect(errorsOf(file)).toEqual([]);
    const pou = file.declarations[0];
    if (pou?.kind !== 'Pou' || pou.body.kind !== 'StatementList') throw new Error('no body');
    expect(outlineStatements(pou.body)).toBe('IF ((speed < 5) AND b) {Stop();}');
  });

  it.each([
    ['a cut file', POU.slice(0, POU.length / 2), 'PW1018'],
    ['a file that is no XML', 'PROGRAM Main', 'PW1018'],
    ['an empty file', '', 'PW1018'],
    ['another document', '<project></project>', 'PW1018'],
    ['a POU without a declaration', '<TcPlcObject><POU Name="A"></POU></TcPlcObject>', 'PW1018'],
    ['a document without objects', '<TcPlcObject></TcPlcObject>', 'PW1018'],
    [
      'text after the declaration',
      POU.replace('END_VAR]]></Declaration>\r\n    <Impl', 'END_VAR x := 1;]]></Declaration>\r\n    <Impl'),
      'PW1003',
    ],
    ['a method in a body', POU.replace('speed := 0;', 'METHOD m'), 'PW1003'],
  ])('%s is an error, not a crash', (_, text, code) => {
    expect(readSource('Pump.TcPOU', text, 'twincat').syntaxErrors.map((error) => error.code)).toEqual([code]);
  });

  it('says which bodies are not Structured Text', () => {
    const text = POU.replace(/<ST><!\[CDATA\[IF[\s\S]*?<\/ST>/, '<NWL><XmlArchive /></NWL>');
    const file = readSource('Pump.TcPOU', text, 'twincat');
    expect(errorsOf(file)).toEqual([]);
    expect(file.unsupportedBodies).toMatchObject([{ owner: 'Pump', language: 'NWL' }]);
    expect(file.declarations).toMatchObject([{ body: { statements: [{ kind: 'ErrorStatement' }] } }]);
  });

  it('names a list of global variables after its object', () => {
    const text = `<TcPlcObject><GVL Name="IO"><Declaration><![CDATA[{attribute 'qualified_only'}
VAR_GLOBAL
  a AT %I* : BOOL;
END_VAR
VAR_GLOBAL CONSTANT
  b : INT := 1;
END_VAR]]></Declaration></GVL></TcPlcObject>`;
    const file = readSource('IO.TcGVL', text, 'twincat');
    expect(errorsOf(file)).toEqual([]);
    expect(file.declarations).toMatchObject([
      { kind: 'GlobalVariableList', name: { name: 'IO' }, qualifiedOnly: true, sections: [{}, { isConstant: true }] },
    ]);
  });

  it('never throws on a damaged file, and spans nest', () => {
    fc.assert(
      fc.property(
        fc.nat(POU.length),
        fc.nat(40),
        fc.constantFrom('', '<', '>', ']]>', '<![CDATA[', '&', '"', 'END_VAR', '<POU>', '\0'),
        (at, remove, insert) => {
          const text = POU.slice(0, at) + insert + POU.slice(at + remove);
          const file = readSource('Pump.TcPOU', text, 'twincat');
          walk(file, (node) => {
            for (const child of childrenOf(node)) {
              expect(child.start, `${child.kind} in ${node.kind}`).toBeGreaterThanOrEqual(node.start);
              expect(child.end, `${child.kind} in ${node.kind}`).toBeLessThanOrEqual(node.end);
            }
            return undefined;
          });
        },
      ),
      { numRuns: 500, seed: 3 },
    );
  });
});

describe('formats', () => {
  it.each([
    ['src/Main.st', null],
    ['Main.iecst', null],
    ['Main.SCL', 'siemens'],
    ['Main.db', 'siemens'],
    ['Lib.EXP', 'codesys'],
    ['Main.TcPOU', 'twincat'],
    ['README', null],
  ])('%s implies %s', (path, dialect) => {
    expect(dialectForPath(path)).toBe(dialect);
  });

  it('finds no program in a database that is no data block', () => {
    const thumbnails = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(40)]);
    expect(readSource('Thumbs.db', thumbnails, 'siemens')).toMatchObject({ declarations: [], syntaxErrors: [] });
  });

  it('reads every encoding, and reports NUL characters once', () => {
    const text = 'PROGRAM Main\nx := 1; // Öl\nEND_PROGRAM\n';
    for (const bytes of [Buffer.from(text), Buffer.from(`\ufeff${text}`, 'utf16le'), Buffer.from(text, 'latin1')]) {
      const file = readSource('a.st', bytes, 'codesys');
      expect(errorsOf(file)).toEqual([]);
      expect(file.text).toBe(text);
    }
    const damaged = readSource('a.st', Buffer.from(text.replace('x', '\0\0')), 'codesys');
    expect(damaged.syntaxErrors.map((error) => error.code)).toEqual(['PW1019']);
  });
});

const CORPUS = join(import.meta.dirname, '../../../shared/corpus');

/** Files of the corpus that are wrong on purpose, and their errors. */
const KNOWN_ERRORS: ReadonlyMap<string, readonly string[]> = new Map([
  ['first_steps_syntax_error.st', ["PW1005 The semicolon after the declaration is missing. Add ';'."]],
]);

describe('the table of syntax errors', () => {
  it.each([
    ['PW1018', 'Main.TcPOU'],
    ['PW1019', 'Main.st'],
  ] as const)('%s: the bad example shows it alone, the good one nothing', (code, path) => {
    const entry = SYNTAX_CODES[code];
    expect(readSource(path, entry.bad, LOOSE_FILE_DIALECT).syntaxErrors.map((error) => error.code)).toEqual([code]);
    expect(readSource(path, entry.good, LOOSE_FILE_DIALECT).syntaxErrors).toEqual([]);
  });
});

describe('real files', () => {
  for (const folder of ['st/ironplc', 'st/trust', 'twincat']) {
    const path = join(CORPUS, folder);
    if (!existsSync(path)) {
      it.skip(`${folder}: left out, the corpus is not there`, () => {});
      continue;
    }
    const names = readdirSync(path).filter((name) => /\.(st|Tc\w+)$/.test(name));
    it.each(names)(`${folder}/%s has no false syntax error`, (name) => {
      const file = readSource(name, readFileSync(join(path, name)), LOOSE_FILE_DIALECT);
      expect(errorsOf(file)).toEqual(KNOWN_ERRORS.get(name) ?? []);
      expect(file.declarations.length).toBeGreaterThan(0);
      expect(file.unsupportedBodies).toBeUndefined();
    });
  }
});

describe('other real texts', () => {
  const scl = join(CORPUS, 'tia/SimaticSD_s7res/PLC_1/Program blocks/300_StateMachine/StateMachine.scl');
  it.skipIf(!existsSync(scl))('SCL text of TIA Portal has no false syntax error', () => {
    expect(errorsOf(readSource('StateMachine.scl', readFileSync(scl), 'siemens'))).toEqual([]);
  });

  const logix = join(CORPUS, 'logix');
  it.skipIf(!existsSync(logix))('ST routines of Logix projects have no false syntax error', () => {
    let routines = 0;
    for (const name of readdirSync(logix).filter((file) => file.endsWith('.L5X'))) {
      const project = readFileSync(join(logix, name), 'utf8');
      for (const [, content = ''] of project.matchAll(/<STContent>([\s\S]*?)<\/STContent>/g)) {
        const lines = [...content.matchAll(/<!\[CDATA\[([\s\S]*?)\]\]>/g)].map((match) => match[1]);
        const file = readSource('Routine.st', lines.join('\n'), 'rockwell');
        expect(errorsOf(file)).toEqual([]);
        expect(file.declarations).toMatchObject([{ kind: 'Pou', name: { name: 'Routine' } }]);
        routines++;
      }
    }
    expect(routines).toBeGreaterThan(0);
  });
});
