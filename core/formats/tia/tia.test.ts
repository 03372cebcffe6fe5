import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildProject } from '../../language/semantics/project.js';
import type { Pou, SourceFile } from '../../language/syntax/tree.js';
import { outlineStatements } from '../../language/syntax/tree-outline.js';
import { walk } from '../../language/syntax/walk.js';
import { readSource } from '../read-source.js';

function errorsIn(files: readonly SourceFile[]): string[] {
  const { findings } = buildProject({ files, dialect: 'siemens', entry: null, cycle: 10_000_000n });
  return findings
    .filter(({ severity }) => severity === 'error' || severity === 'blocker')
    .map(({ code, file, line, message }) => `${code} ${file}:${line} ${message}`);
}

function blockIn(file: SourceFile): Pou {
  const [block] = file.declarations;
  if (block?.kind !== 'Pou') throw new Error('no block');
  return block;
}

function outlineOf(file: SourceFile): string {
  const { body } = blockIn(file);
  if (body.kind !== 'StatementList') throw new Error('no statements');
  return outlineStatements(body);
}

function networks(...sources: string[]): SourceFile {
  const text = `\ufeff{
    S7_Optimized := "TRUE"
}
FUNCTION_BLOCK Motor
    VAR
        { S7_Access := "ReadOnly := External" }
        run : Bool;
        "n" : Int;
    END_VAR
${sources.join('\n')}
END_FUNCTION_BLOCK
`;
  return readSource('Motor.s7dcl', Buffer.from(text), 'iec');
}

const SCL = '    { S7_Language := "SCL" }\n    NETWORK\n        #n += 1;\n    END_NETWORK';
const LAD =
  '    { S7_Language := "LAD" }\n    NETWORK\n        RUNG wire#powerrail\n            Contact( #run )\n            Coil( #run )\n        END_RUNG\n    END_NETWORK';

describe('SIMATIC SD', () => {
  it('joins the networks of SCL and keeps the others as bodies that were not read', () => {
    const file = networks(SCL, LAD, SCL);
    expect(errorsIn([file])).toEqual([]);
    expect(blockIn(file).body).toMatchObject({
      statements: [{ kind: 'Assignment' }, { kind: 'ErrorStatement' }, { kind: 'Assignment' }],
    });
    expect(file.unsupportedBodies).toMatchObject([{ owner: 'Motor', language: 'LAD' }]);
  });

  it('takes an empty rung for nothing', () => {
    const file = networks('    NETWORK\n        RUNG wire#powerrail\n        END_RUNG\n    END_NETWORK');
    expect(file.unsupportedBodies).toBeUndefined();
    expect(outlineOf(file)).toBe('');
  });

  it('says once that a network is not ended, and keeps what follows', () => {
    const file = networks(SCL.replace('    END_NETWORK', ''));
    expect(file.syntaxErrors.map(({ code }) => code)).toEqual(['PW1004']);
    expect(outlineOf(file)).toBe('#n += 1;');
  });
});

/** A function block with one network whose tokens are given as XML. */
function block(tokens: string): SourceFile {
  const text = `\ufeff<?xml version="1.0" encoding="utf-8"?>\r
<Document>\r
  <Engineering version="V21" />\r
  <SW.Blocks.FB ID="0">\r
    <AttributeList>\r
      <Interface><Sections xmlns="x">\r
  <Section Name="Input"><Member Name="start" Datatype="Bool" /></Section>\r
  <Section Name="Static">\r
    <Member Name="list" Datatype="Array[0..3] of &quot;Part&quot;" />\r
    <Member Name="grid" Datatype="Array[0..1, 0..1] of Struct"><Member Name="x" Datatype="Int"><StartValue>5</StartValue></Member></Member>\r
    <Member Name="word" Datatype="Word" />\r
  </Section>\r
      </Sections></Interface>\r
      <Name>Mixer</Name>\r
      <ProgrammingLanguage>SCL</ProgrammingLanguage>\r
    </AttributeList>\r
    <ObjectList>\r
      <SW.Blocks.CompileUnit ID="1" CompositionName="CompileUnits"><AttributeList><NetworkSource>\r
<StructuredText xmlns="y">\r
${tokens}\r
</StructuredText>\r
      </NetworkSource></AttributeList></SW.Blocks.CompileUnit>\r
    </ObjectList>\r
  </SW.Blocks.FB>\r
</Document>`;
  return readSource('Mixer.xml', Buffer.from(text), 'iec');
}

const PART = readSource('Part.udt', 'TYPE "Part"\nSTRUCT\n  size : INT;\nEND_STRUCT;\nEND_TYPE\n', 'siemens');

const local = (...names: string[]): string =>
  `<Access Scope="LocalVariable" UId="2"><Symbol UId="3">${names
    .map((name) => `<Component Name="${name}" UId="4" />`)
    .join('\r\n<Token Text="." UId="5" />\r\n')}</Symbol></Access>`;
const token = (text: string): string => `<Token Text="${text}" UId="6" />`;
const constant = (text: string): string =>
  `<Access Scope="LiteralConstant" UId="7"><Constant><ConstantType>Int</ConstantType><ConstantValue>${text}</ConstantValue></Constant></Access>`;

describe('SimaticML', () => {
  it('reads tokens in place', () => {
    const file = block(
      [
        token('IF'),
        local('start'),
        token('AND'),
        local('word'),
        token('&lt;&gt;'),
        constant('16#5'),
        token('THEN'),
      ].join('\r\n') +
        `<NewLine UId="9" /><LineComment UId="8"><Text UId="8"> over &amp; out</Text></LineComment><NewLine UId="9" />` +
        [local('word'), token(':='), constant('16#1'), token(';'), token('END_IF'), token(';')].join('\r\n'),
    );
    expect(errorsIn([file, PART])).toEqual([]);
    expect(outlineOf(file)).toBe('IF (#start AND (#word <> 5)) {#word := 1;}');
    expect(file.comments).toHaveLength(1);
    walk(blockIn(file).body, (node) => {
      if (node.kind === 'Identifier')
        expect(file.text.slice(node.start, node.end)).toMatch(new RegExp(`${node.name}$`));
    });
  });

  it('reads interfaces: quoted types, structures, arrays, start values', () => {
    const file = block('');
    expect(errorsIn([file, PART])).toEqual([]);
    const [list, grid] = blockIn(file).sections[1]?.variables ?? [];
    expect(list?.type).toMatchObject({ kind: 'ArrayType', element: { name: { parts: [{ name: 'Part' }] } } });
    expect(grid?.type).toMatchObject({
      kind: 'ArrayType',
      dimensions: [{}, {}],
      element: { kind: 'StructType', members: [{ initializer: { value: 5n } }] },
    });
  });

  it('finds an error at the token that it is about', () => {
    const file = block([local('satrt'), token(':='), constant('1'), token(';')].join('\r\n'));
    const { findings } = buildProject({ files: [file, PART], dialect: 'siemens', entry: null, cycle: 1n });
    const errors = findings.filter(({ severity }) => severity === 'error');
    expect(errors).toMatchObject([{ code: 'PW2001', message: expect.stringContaining('Did you mean "start"') }]);
    const [line, column] = [errors[0]?.line ?? 0, errors[0]?.column ?? 0];
    expect(file.text.split('\r\n')[line - 1]?.slice(column - 1)).toMatch(/^#?.*satrt/);
  });

  it('reads XML of other kinds as empty, and says when it is broken', () => {
    expect(readSource('tags.xml', '<Tags><Tag/></Tags>', 'iec')).toMatchObject({ declarations: [], syntaxErrors: [] });
    const broken = '<Document><SW.Blocks.FB ID="0"><Attr</Document>';
    expect(readSource('x.xml', broken, 'iec').syntaxErrors.map(({ code }) => code)).toEqual(['PW1018']);
  });
});

const CORPUS = resolve(import.meta.dirname, '../../../../shared/corpus/tia');

describe.runIf(existsSync(CORPUS))('real exports of one project', () => {
  it.each([
    ['SimaticML', 24, 26],
    ['SimaticSD', 24, 26],
    ['SimaticSD_s7dcl', 24, 26],
    ['SimaticSD_s7res', 6, 0],
  ])('%s: no false error', (folder, files, statements) => {
    const sources = readdirSync(join(CORPUS, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.(?:s7dcl|xml|scl)$/i.test(path))
      .sort()
      .map((path) => readSource(path, readFileSync(join(CORPUS, folder, path)), 'siemens'));
    expect(errorsIn(sources)).toEqual([]);
    expect(sources.flatMap((file) => errorsIn([file]))).toEqual([]);
    let count = 0;
    for (const file of sources)
      walk(file, (node) => {
        if (['Assignment', 'CallStatement', 'If', 'For'].includes(node.kind)) count++;
      });
    expect({ files: sources.length, statements: count }).toEqual({ files, statements });
  });

  it('shows the same SCL in both formats', () => {
    // The text names the type of an overloaded function (LIMIT_REAL), the XML keeps it in an attribute.
    const bodyOf = (path: string) =>
      outlineOf(readSource(path, readFileSync(join(CORPUS, path)), 'siemens')).replace(/(LIMIT|SCALE_X)_REAL/g, '$1');
    expect(bodyOf('SimaticML/Types/Blocks/AnalogInput.xml')).toBe(bodyOf('SimaticSD/Types/Blocks/AnalogInput.s7dcl'));
  });
});

it.runIf(!existsSync(CORPUS))('real exports: left out, because the corpus is not beside the repository', () => {
  expect(existsSync(CORPUS)).toBe(false);
});
