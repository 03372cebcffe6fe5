import { compareText, type Finding } from '../../base/finding.js';
import { keyOf } from '../../language/semantics/symbols.js';
import type { Site } from '../../site/site.js';
import { nameChanges } from '../compare/name-changes.js';
import { sourceChanges } from '../compare/source-changes.js';
import { libraryReferencesIn } from '../library-references.js';
import type { Change, ChangeRule, RuleExample } from '../rule.js';
import { safetyModelOf } from '../safety-model.js';
import { changedTexts, inFile } from '../site-texts.js';
import { machine, machineWithFile } from './example-machine.js';
import { excerpt, listText } from './rule-text.js';

/** CF04: another library under the same names. */
export const libraryChanged: ChangeRule = {
  kind: 'change',
  code: 'CF04',
  name: 'library-changed',
  severity: 'blocker',
  title: 'A library that safety logic uses changed',
  rationale:
    'The blocks keep their names and do something else. What was certified or validated with the old version has to be looked at again.',
  reference: 'ISO 13849-1:2023, 7.4; IEC 61508-3:2010, 7.8',
  decision: 'configuration',
  flags: [
    {
      title: 'another version of the safety library',
      before: machineWithFile('line.plcproj', '<LibraryReference Include="SafetyLib, 2.1.0 (Vendor)"/>\n'),
      files: machineWithFile('line.plcproj', '<LibraryReference Include="SafetyLib, 2.2.0 (Vendor)"/>\n'),
    },
    {
      title: 'the code of a library that a hazard uses',
      before: libraryMachine('q := a;'),
      files: libraryMachine('q := a OR b;'),
    },
  ],
  accepts: [
    {
      title: 'a comment in a library',
      before: libraryMachine('q := a;'),
      files: libraryMachine('q := a; // as drawn'),
    },
    {
      title: 'another version of a library for texts',
      before: machineWithFile('line.plcproj', '<LibraryReference Include="Util, 1.0.0 (Vendor)"/>\n'),
      files: machineWithFile('line.plcproj', '<LibraryReference Include="Util, 1.1.0 (Vendor)"/>\n'),
    },
  ],
  check(change) {
    return [...libraryReferences(change), ...librarySources(change)];
  },
};

function libraryMachine(body: string): RuleExample['files'] {
  const files = machine({
    variables: 'pass : Pass;',
    body: 'pass(a := Guard_Closed, b := EStop_OK);\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND pass.q;',
    files: {
      'lib/Pass.st': `FUNCTION_BLOCK Pass\nVAR_INPUT a : BOOL; b : BOOL; END_VAR\nVAR_OUTPUT q : BOOL; END_VAR\n${body}\nEND_FUNCTION_BLOCK\n`,
    },
  });
  return {
    ...files,
    'plantwright.yaml': (files['plantwright.yaml'] ?? '').replace(
      'sources: [src/**]',
      'sources: [src/**]\nlibraries: [lib/**]',
    ),
  };
}

function libraryReferences(change: Change): Finding[] {
  return changedTexts(change).flatMap(({ path, old, now }): Finding[] => {
    const left = new Set(libraryReferencesIn(now ?? '').map(({ reference }) => reference));
    const lost = libraryReferencesIn(old ?? '').find(({ reference, isSafety }) => isSafety && !left.has(reference));
    if (lost === undefined) return [];
    return [
      inFile(
        libraryChanged,
        path,
        now ?? '',
        { index: 0, length: 0 },
        `The reference to "${excerpt(lost.reference)}" changed or is gone. Restore it; a new version of a safety library is a change of its own, with its own validation.`,
        `${path} ${lost.reference}`,
      ),
    ];
  });
}

/** Code under `libraries:` that runs in the logic of a hazard. */
function librarySources(change: Change): Finding[] {
  const used = new Set([...safetyModelOf(change.before).hazardCone.events].map(({ frame }) => frame.file.path));
  return sourceChanges(change).flatMap(({ path, isTokenEqual, before, status }): Finding[] => {
    const isLibrary = change.before.libraryPaths.has(path) || change.after.libraryPaths.has(path);
    if (!isLibrary || isTokenEqual || (before !== null && !used.has(path)) || status === 'added') return [];
    return [
      {
        file: path,
        line: 1,
        column: 1,
        endLine: 1,
        endColumn: 1,
        code: libraryChanged.code,
        rule: libraryChanged.name,
        severity: libraryChanged.severity,
        message: `${path} is library code that a hazard depends on, and was ${status}. Restore it; a new version of a library is a change of its own.`,
        related: [],
        witness: { subject: path },
      },
    ];
  });
}

/** CF07: the same text, another program. */
export const compileContext: ChangeRule = {
  kind: 'change',
  code: 'CF07',
  name: 'compile-context',
  severity: 'error',
  title: 'What the compiler makes of the code changed',
  rationale:
    'Defines, pragmas for packing and calls, and the target decide what a text becomes. Certified text under another setting is another program.',
  reference: 'ISO 13849-1:2023, 7.4; IEC 61508-3:2010, 7.4.4 (tools and settings)',
  decision: 'configuration',
  flags: [
    {
      title: 'a define beside the code',
      before: machine(),
      files: machine({
        body: '{define NO_GUARD}\nMotor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;',
      }),
    },
    {
      title: 'a define in the project',
      before: machineWithFile('line.plcproj', '<CompilerDefines>RELEASE</CompilerDefines>\n'),
      files: machineWithFile('line.plcproj', '<CompilerDefines>RELEASE,SIMULATION</CompilerDefines>\n'),
    },
  ],
  accepts: [
    {
      title: 'a pragma for the editor',
      before: machine(),
      files: machine({
        body: "{region 'motor'}\nMotor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;\n{endregion}",
      }),
    },
  ],
  check(change) {
    const { oldNameOf } = nameChanges(change);
    const inCode = (site: Site): Map<string, number> => {
      const found = new Map<string, number>();
      for (const file of site.project.files)
        for (const { text } of file.pragmas) {
          if (!COMPILER_PRAGMA.test(text)) continue;
          const key = keyOf(text.replace(/\s+/g, ' ').trim()).replace(
            /[\p{L}\p{N}_]+/gu,
            (word) => oldNameOf.get(word) ?? word,
          );
          found.set(key, (found.get(key) ?? 0) + 1);
        }
      return found;
    };
    const [before, after] = [inCode(change.before), inCode(change.after)];
    const changed = [...new Set([...before.keys(), ...after.keys()])]
      .filter((key) => before.get(key) !== after.get(key))
      .sort(compareText);
    const findings: Finding[] = [];
    const [first] = changed;
    if (first !== undefined) {
      const file =
        sourceChanges(change).find(({ isTokenEqual }) => !isTokenEqual)?.path ??
        change.after.project.files[0]?.path ??
        '';
      findings.push({
        file,
        line: 1,
        column: 1,
        endLine: 1,
        endColumn: 1,
        code: compileContext.code,
        rule: compileContext.name,
        severity: compileContext.severity,
        message: `Pragmas for the compiler changed: ${listText(changed.slice(0, 3).map((key) => `{${key.toLowerCase()}}`))}. Restore them; settings change in a change of their own.`,
        related: [],
        witness: { subject: 'pragmas', changed },
      });
    }
    for (const { path, old, now } of changedTexts(change)) {
      const settings = (text: string | null): string =>
        [...(text ?? '').matchAll(COMPILER_SETTING)].map((match) => match[0].replace(/\s+/g, ' ')).join('\n');
      if (old === null || now === null || settings(old) === settings(now)) continue;
      findings.push(
        inFile(
          compileContext,
          path,
          now,
          { index: 0, length: 0 },
          `Settings of the compiler or of the target changed in ${path}. Restore them; settings change in a change of their own.`,
          `${path} settings`,
        ),
      );
    }
    return findings;
  },
};

const COMPILER_PRAGMA =
  /^\s*(define|undefine|if\b|elsif\b|attribute\s+'(pack_mode|call_after|call_on_type_change|no_copy|init_on_onlchange|no_init|linkalways|conditionalshow|noinit|reflection|estimated-stack-usage|global_init_slot|TcNoFree)')/i;
const COMPILER_SETTING =
  /<(?:CompilerDefines|Defines|TargetArchitecture|OptimizationLevel|CompilerVersion|SoftwareRevision|ProcessorType)\b[^>]*>[^<]*|(?:ProcessorType|MajorRev|MinorRev|SoftwareRevision)="[^"]*"/gi;
