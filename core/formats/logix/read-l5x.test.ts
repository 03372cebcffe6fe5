import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../base/finding.js';
import { buildProject } from '../../language/semantics/project.js';
import type { Action, Pou, SourceFile } from '../../language/syntax/tree.js';
import { outlineStatements } from '../../language/syntax/tree-outline.js';
import { walk } from '../../language/syntax/walk.js';
import { readSource } from '../read-source.js';

function routine(name: string, lines: readonly string[]): string {
  const written = lines.map((line, at) => `<Line Number="${at}">\r\n<![CDATA[${line}]]>\r\n</Line>`).join('\r\n');
  return `<Routine Name="${name}" Type="ST">\r\n<STContent>\r\n${written}\r\n</STContent>\r\n</Routine>`;
}

/** An export of a controller with a valve instruction, a few tags and the lines as the main routine. */
function exportOf(...lines: string[]): string {
  return `\ufeff<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r
<RSLogix5000Content SchemaRevision="1.0" SoftwareRevision="32.02" TargetName="C" TargetType="Controller">\r
<Controller Use="Target" Name="C">\r
<DataTypes>\r
<DataType Name="Recipe" Family="NoFamily" Class="User"><Members>\r
<Member Name="ZZZZZZZZZZRecipe0" DataType="SINT" Dimension="0" Hidden="true"/>\r
<Member Name="Active" DataType="BIT" Dimension="0" Hidden="false" Target="ZZZZZZZZZZRecipe0" BitNumber="0"/>\r
<Member Name="Steps" DataType="DINT" Dimension="10" Hidden="false"/>\r
</Members></DataType>\r
<DataType Name="Name20" Family="StringFamily" Class="User"><Members>\r
<Member Name="LEN" DataType="DINT" Dimension="0"/><Member Name="DATA" DataType="SINT" Dimension="20"/>\r
</Members></DataType>\r
</DataTypes>\r
<AddOnInstructionDefinitions>\r
<AddOnInstructionDefinition Name="Valve" Revision="1.0">\r
<Parameters>\r
<Parameter Name="EnableIn" TagType="Base" DataType="BOOL" Usage="Input" Required="false" Visible="false"/>\r
<Parameter Name="EnableOut" TagType="Base" DataType="BOOL" Usage="Output" Required="false" Visible="false"/>\r
<Parameter Name="Open" TagType="Base" DataType="BOOL" Usage="Input" Required="true" Visible="true"/>\r
<Parameter Name="IsOpen" TagType="Base" DataType="BOOL" Usage="Output" Required="true" Visible="true"/>\r
<Parameter Name="Delay" TagType="Base" DataType="DINT" Usage="Input" Required="false" Visible="true"/>\r
</Parameters>\r
<LocalTags><LocalTag Name="t" DataType="FBD_TIMER"/></LocalTags>\r
<Routines>${routine('Logic', ['t.TimerEnable := Open;', 'TONR(t);', 'IsOpen := t.DN;'])}</Routines>\r
</AddOnInstructionDefinition>\r
</AddOnInstructionDefinitions>\r
<Tags>\r
<Tag Name="Run" TagType="Base" DataType="BOOL"/>\r
<Tag Name="Count" TagType="Base" DataType="DINT" Radix="Decimal"><Data Format="Decorated"><DataValue DataType="DINT" Radix="Decimal" Value="7"/></Data></Tag>\r
<Tag Name="Level" TagType="Base" DataType="REAL"/>\r
<Tag Name="Grid" TagType="Base" DataType="DINT" Dimensions="3 4"/>\r
<Tag Name="Batch" TagType="Base" DataType="Recipe"/>\r
<Tag Name="Title" TagType="Base" DataType="Name20"/>\r
<Tag Name="Text" TagType="Base" DataType="STRING"/>\r
<Tag Name="V1" TagType="Base" DataType="Valve"/>\r
<Tag Name="Msg1" TagType="Base" DataType="MESSAGE"/>\r
<Tag Name="Limit" TagType="Base" DataType="DINT" Constant="true" Radix="Decimal"><Data Format="Decorated"><DataValue DataType="DINT" Radix="Decimal" Value="100"/></Data></Tag>\r
<Tag Name="StartPB" TagType="Alias" AliasFor="Local:1:I.Data.3"/>\r
<Tag Name="Bit3" TagType="Alias" AliasFor="Count.3"/>\r
</Tags>\r
<Programs><Program Name="Main" MainRoutineName="Sequence"><Tags><Tag Name="step" TagType="Base" DataType="DINT"/></Tags>\r
<Routines>${routine('Sequence', lines)}${routine('Alarms', ['Run := 0;'])}\r
<Routine Name="Ladder" Type="RLL"><RLLContent><Rung Number="0" Type="N"><Text><![CDATA[XIC(Run)OTE(Run);]]></Text></Rung></RLLContent></Routine>\r
</Routines></Program></Programs>\r
<Tasks><Task Name="Fast" Type="PERIODIC" Rate="2.5" Priority="3"><ScheduledPrograms><ScheduledProgram Name="Main"/></ScheduledPrograms></Task>\r
<Task Name="Back" Type="CONTINUOUS" Priority="10"/></Tasks>\r
</Controller>\r
</RSLogix5000Content>`;
}

function read(...lines: string[]): SourceFile {
  return readSource('C.L5X', Buffer.from(exportOf(...lines)), 'iec');
}

function findingsOf(...files: SourceFile[]): readonly Finding[] {
  return buildProject({ files, dialect: 'rockwell', entry: null, cycle: 10_000_000n }).findings;
}

function errorsOf(...lines: string[]): string[] {
  return findingsOf(read(...lines))
    .filter(({ severity }) => severity === 'error' || severity === 'blocker')
    .map(({ code, line, message }) => `${code} ${line} ${message}`);
}

function programOf(file: SourceFile): Pou {
  const found = file.declarations.find((one) => one.kind === 'Pou' && one.name.name === 'Main');
  if (found?.kind !== 'Pou') throw new Error('no program');
  return found;
}

function outlineOf({ body }: Pou | Action): string {
  if (body.kind !== 'StatementList') throw new Error('no statements');
  return outlineStatements(body);
}

describe('a Logix export', () => {
  it('holds its routines as a program with actions, in place', () => {
    const file = read('IF Run THEN (* over', '  lines *) Count := 1;', '', 'END_IF;');
    const program = programOf(file);
    expect(file.syntaxErrors).toEqual([]);
    expect(file.dialect).toBe('rockwell');
    expect(outlineOf(program)).toBe('IF Run {Count := 1;}');
    expect(program.actions.map(({ name }) => name.name)).toEqual(['Alarms', 'Ladder']);
    expect(file.unsupportedBodies).toContainEqual(expect.objectContaining({ owner: 'Main.Ladder', language: 'RLL' }));
    const name = program.sections[0]?.variables[0]?.names[0]?.name;
    expect(file.text.slice(name?.start, name?.end)).toBe('step');
    walk(program.body, (node) => {
      if (node.kind === 'Assignment') expect(file.text.slice(node.start, node.end)).toBe('Count := 1;');
    });
  });

  it('declares tags, constants, initial values, structures, arrays, texts and tasks', () => {
    const project = buildProject({ files: [read('Run := 1;')], dialect: 'rockwell', entry: null, cycle: 1n });
    const kindOf = (name: string) => project.globals.get(name)?.type.kind;
    expect(kindOf('GRID')).toBe('array');
    expect(project.globals.get('TITLE')?.type).toEqual({ kind: 'string', isWide: false, length: 20 });
    expect(kindOf('BATCH')).toBe('struct');
    expect(project.globals.get('LIMIT')?.isConstant).toBe(true);
    expect(project.globals.get('COUNT')?.initializer).toMatchObject({ value: 7n });
    expect(project.globals.get('BIT3')?.type).toMatchObject({ name: 'BOOL' });
    expect(kindOf('STARTPB')).toBe('unknown');
    expect(read().unsupportedBodies?.map(({ owner, language }) => `${owner} ${language}`)).toContain('Bit3 alias');
    expect(project.schedule).toMatchObject([
      { name: 'Fast', interval: 2_500_000n, programs: [{ instanceName: 'Main' }] },
    ]);
  });

  it('marks a routine that names an alias: nothing may follow its values', () => {
    expect(outlineOf(programOf(read('Run := Bit3;')))).toBe('?; Run := Bit3;');
    expect(outlineOf(programOf(read('Run := StartPB;')))).toBe('Run := StartPB;');
    expect(errorsOf('Run := Bit3;')).toEqual([]);
  });

  it.each([
    ['assignments that are lost at power-up', 'Run [:=] Count > 3;'],
    ['the status of the controller', 'IF S:FS THEN Count := 0; END_IF;'],
    ['tags of modules', 'Run := Local:1:I.Data.3 AND NOT Rack:2:I.Fault;'],
    ['bits, also by index', 'Count.3 := Run;', 'Count.[step] := Run;', 'Run := Grid[1, 2].[step + 1];'],
    ['members of structures', 'Batch.Steps[step] := Grid[0, 0]; Batch.Active := 1;'],
    ['numbers as conditions', 'IF Count THEN Run := Count; END_IF;'],
    ['calls of instructions with the instance first', 'Valve(V1, Run, Run);', 'V1.Delay := 5; Run := V1.IsOpen;'],
    ['routines', 'JSR(Alarms);', 'JSR(Alarms, 0);', 'JSR(Ladder, 2, Count, Level, Level);'],
    ['system values', 'GSV(Task, THIS, Rate, Count);', 'SSV(Module, Drive1, Mode, Count);'],
    ['file instructions', 'COP(Grid[0,0], Batch.Steps[0], 4); CPS(Text, Title, 1); SIZE(Grid, 0, Count);'],
    ['messages', 'IF NOT Msg1.EN THEN MSG(Msg1); END_IF;'],
    [
      'texts',
      "Text := 'abc'; Count := Text.LEN; Text.DATA[0] := 16#41;",
      'CONCAT(Text, Title, Text); DTOS(Count, Text);',
    ],
    ['the program in front of a tag', 'Count := \\Main.step;'],
    ['functions', 'Level := SQRT(ABS(Level)) + TRUNC(2.5) + DEG(1.0) + SIN(Count); Count := TRUNC(Level);'],
    ['exponents and remainders', 'Level := Level ** 2; Count := Count MOD 3;'],
    ['loops', 'FOR step := 0 TO 9 BY 1 DO', '  Batch.Steps[step] := step;', '  IF Run THEN EXIT; END_IF;', 'END_FOR;'],
    ['labels of regions in the editor', '#region Start', 'Run := 1;', '#endregion'],
  ])('reads %s', (_, ...lines) => {
    expect(errorsOf(...lines)).toEqual([]);
  });

  it.each([
    ['an unknown tag', 'PW2001', ['Cuont := 1;']],
    ['an unknown member', 'PW2004', ['Batch.Stepz[0] := 1;']],
    ['an unknown member of a predefined structure', 'PW2004', ['Run := Msg1.DNE;']],
    ['an index outside of the array', 'PW3019', ['Grid[3, 0] := 1;']],
    ['a constant that is written', 'PW3038', ['Limit := 3;']],
    ['an unknown routine', 'PW2003', ['JSR(Alarm);']],
    ['an instruction without its instance', 'PW3030', ['Valve(Run, Run, Run);']],
    ['an instruction with too few operands', 'PW3026', ['Valve(V1, Run);']],
    ['an instruction with too many operands', 'PW3025', ['Valve(V1, Run, Run, 5);']],
    ['a missing semicolon', 'PW1005', ['Run := 1', 'Count := 2;']],
    ['a missing END_IF', 'PW1004', ['IF Run THEN', 'Count := 2;']],
  ])('reports %s once, in its line', (_, code, lines) => {
    const errors = errorsOf(...lines);
    const first =
      exportOf(...lines)
        .split('\r\n')
        .findIndex((line) => line.includes(lines[0] ?? '?')) + 1;
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(new RegExp(`^${code} ${code === 'PW1004' ? first + 3 : first} `));
  });

  it('checks several exports of one controller together: each repeats what it needs', () => {
    const [a, b] = [read('Run := 1;'), { ...read('Run := 0;'), path: 'D.L5X' }];
    expect(findingsOf(a, b).filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('says what is wrong with a file that is no export', () => {
    const codesOf = (text: string) => readSource('x.L5X', text, 'iec').syntaxErrors.map(({ code }) => code);
    expect(codesOf('<a>')).toEqual(['PW1018']);
    expect(codesOf('<Document/>')).toEqual(['PW1018']);
    expect(codesOf('<RSLogix5000Content/>')).toEqual(['PW1018']);
  });
});

const CORPUS = resolve(import.meta.dirname, '../../../../shared/corpus/logix');

describe.runIf(existsSync(CORPUS))('real exports', () => {
  const paths = existsSync(CORPUS) ? readdirSync(CORPUS).filter((path) => /\.l5x$/i.test(path)) : [];

  it('show no false error, alone and together', () => {
    const files = paths.map((path) => readSource(path, readFileSync(join(CORPUS, path)), 'iec'));
    const errorsIn = (...some: SourceFile[]) =>
      findingsOf(...some)
        .filter(({ severity }) => severity === 'error' || severity === 'blocker')
        .map(({ file, line, message }) => `${file}:${line} ${message}`);
    expect(files.flatMap((file) => errorsIn(file))).toEqual([]);
    expect(errorsIn(...files)).toEqual([]);
    let statements = 0;
    for (const file of files)
      walk(file, (node) => {
        if (isStatement(node)) statements++;
      });
    expect({ files: files.length, statements }).toEqual({ files: 8, statements: 9 });
  });
});

function isStatement(node: { readonly kind: string }): boolean {
  return ['Assignment', 'If', 'CallStatement'].includes(node.kind);
}

it.runIf(!existsSync(CORPUS))('real exports: left out, because the corpus is not beside the repository', () => {
  expect(existsSync(CORPUS)).toBe(false);
});
