import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildProject } from '../language/semantics/project.js';
import { walk } from '../language/syntax/walk.js';
import { readSource } from './read-source.js';

const L5X = `<?xml version="1.0" encoding="UTF-8"?>
<RSLogix5000Content SoftwareRevision="32.02"><Controller Use="Target" Name="C">
<DataTypes><DataType Name="Part" Family="NoFamily"><Members><Member Name="size" DataType="DINT" Dimension="3"/></Members></DataType></DataTypes>
<AddOnInstructionDefinitions><AddOnInstructionDefinition Name="Valve"><Parameters><Parameter Name="Open" DataType="BOOL" Usage="Input" Required="true"/></Parameters>
<Routines><Routine Name="Logic" Type="ST"><STContent><Line Number="0"><![CDATA[Open := Open;]]></Line></STContent></Routine></Routines></AddOnInstructionDefinition></AddOnInstructionDefinitions>
<Tags><Tag Name="run" TagType="Base" DataType="BOOL"/><Tag Name="p" TagType="Base" DataType="Part"/><Tag Name="v" DataType="Valve"/><Tag Name="a" TagType="Alias" AliasFor="p"/></Tags>
<Programs><Program Name="Main" MainRoutineName="R"><Tags/><Routines><Routine Name="R" Type="ST"><STContent>
<Line Number="0"><![CDATA[IF run THEN p.size[1] := 5;]]></Line>
<Line Number="1"><![CDATA[Valve(v, run); JSR(S); (* a]]></Line>
<Line Number="2"><![CDATA[comment *) END_IF; run [:=] Local:1:I.Data.3;]]></Line>
</STContent></Routine><Routine Name="S" Type="RLL"><RLLContent><Rung Number="0"><Text><![CDATA[XIC(run)OTE(run);]]></Text></Rung></RLLContent></Routine></Routines></Program></Programs>
<Tasks><Task Name="T" Type="PERIODIC" Rate="10" Priority="1"><ScheduledPrograms><ScheduledProgram Name="Main"/></ScheduledPrograms></Task></Tasks>
</Controller></RSLogix5000Content>`;

const SIMATIC_ML = `<?xml version="1.0" encoding="utf-8"?>
<Document><Engineering version="V19" /><SW.Blocks.FB ID="0"><AttributeList><Interface><Sections>
<Section Name="Input"><Member Name="start" Datatype="Bool" /></Section>
<Section Name="Static"><Member Name="list" Datatype="Array[0..3] of &quot;Part&quot;" /><Member Name="s" Datatype="Struct"><Member Name="x" Datatype="Int"><StartValue>5</StartValue></Member></Member></Section>
</Sections></Interface><Name>Mixer</Name></AttributeList><ObjectList><SW.Blocks.CompileUnit ID="1"><AttributeList><NetworkSource>
<StructuredText><Token Text="IF" UId="1" /><Blank UId="2" /><Access Scope="LocalVariable" UId="3"><Symbol UId="4"><Component Name="start" UId="5" /></Symbol></Access><Token Text="THEN" UId="6" /><NewLine UId="7" />
<Access Scope="LocalVariable" UId="8"><Symbol UId="9"><Component Name="s" UId="10" /><Token Text="." UId="11" /><Component Name="x" UId="12" /></Symbol></Access><Token Text=":=" UId="13" /><Access Scope="LiteralConstant" UId="14"><Constant><ConstantValue>1</ConstantValue></Constant></Access><Token Text=";" UId="15" />
<LineComment UId="16"><Text UId="17"> &lt;why&gt; </Text></LineComment><NewLine UId="18" /><Token Text="END_IF" UId="19" /><Token Text=";" UId="20" /></StructuredText>
</NetworkSource></AttributeList></SW.Blocks.CompileUnit></ObjectList></SW.Blocks.FB></Document>`;

const SIMATIC_SD = `{
    S7_Optimized := "TRUE"
}
FUNCTION_BLOCK "Mixer"
    VAR_INPUT
        { S7_Access := "ReadOnly" }
        start : Bool;
    END_VAR
    { S7_Language := "SCL" }
    NETWORK
        REGION Name of it
            IF #start THEN #start := _.X; END_IF;
        END_REGION
    END_NETWORK
    { S7_Language := "LAD" }
    NETWORK
        RUNG wire#powerrail
            Contact( #start )
        END_RUNG
    END_NETWORK
END_FUNCTION_BLOCK
`;

const SEEDS = [
  { path: 'a.L5X', text: L5X, dialect: 'rockwell' },
  { path: 'a.xml', text: SIMATIC_ML, dialect: 'siemens' },
  { path: 'a.s7dcl', text: SIMATIC_SD, dialect: 'siemens' },
] as const;

const SCRAPS = [
  '',
  '<',
  '>',
  ']]>',
  '<![CDATA[',
  '"',
  '&',
  '&quot;',
  '/',
  '\0',
  '\ufeff',
  'Name=""',
  '</Line>',
  'END_IF',
  '(*',
  '{',
  "'",
  ';',
  '#',
  '\r\n',
  'é',
];

const edits = fc.array(fc.record({ at: fc.nat(4000), length: fc.nat(40), scrap: fc.constantFrom(...SCRAPS) }), {
  minLength: 1,
  maxLength: 4,
});

function damaged(
  text: string,
  changes: readonly { readonly at: number; readonly length: number; readonly scrap: string }[],
): string {
  let result = text;
  for (const { at, length, scrap } of changes) {
    const start = at % Math.max(1, result.length);
    result = result.slice(0, start) + scrap + result.slice(start + length);
  }
  return result;
}

describe('containers with damage', () => {
  test.each(SEEDS.map((seed) => [seed.path, seed] as const))(
    '%s is right as it stands',
    (_, { path, text, dialect }) => {
      const file = readSource(path, text, dialect);
      expect(file.syntaxErrors).toEqual([]);
      expect(file.declarations.length).toBeGreaterThan(0);
    },
  );

  test('are read and checked without a crash, the same way every time, with places inside of the text', () => {
    fc.assert(
      fc.property(fc.constantFrom(...SEEDS), edits, ({ path, text, dialect }, changes) => {
        const broken = damaged(text, changes);
        const file = readSource(path, broken, dialect);
        expect(readSource(path, broken, dialect)).toEqual(file);
        const inside = ({ start, end }: { readonly start: number; readonly end: number }): boolean =>
          0 <= start && start <= end && end <= file.text.length;
        walk(file, (node) => {
          if (!inside(node))
            throw new Error(`${node.kind} ${node.start}..${node.end} lies outside of ${file.text.length}`);
          return undefined;
        });
        for (const error of file.syntaxErrors)
          expect(inside(error), `${error.code} ${error.start}..${error.end}`).toBe(true);
        const project = buildProject({ files: [file], dialect, entry: null, cycle: 10_000_000n });
        for (const finding of project.findings) expect(finding.rule).not.toBe('unknown-diagnostic');
      }),
      { numRuns: Number(process.env['FUZZ_RUNS'] ?? '300') },
    );
  });
});
