import { compareText, type Finding, startOfFile } from '../../base/finding.js';
import { keyOf, type VariableSymbol } from '../../language/semantics/symbols.js';
import type { SourceFile } from '../../language/syntax/tree.js';
import type { Site } from '../../site/site.js';
import { borrowedNames } from '../borrowed-names.js';
import type { StateRule } from '../rule.js';
import { findingAt, safetyModelOf } from '../safety-model.js';
import { example } from './example-machine.js';

/** Characters that change how a text looks without changing what it says to a compiler. */
const HIDDEN: readonly { readonly pattern: RegExp; readonly what: string }[] = [
  { pattern: /[\u202A-\u202E\u2066-\u2069\u200E\u200F\u061C]/g, what: 'a character that turns the reading direction' },
  { pattern: /[\u200B-\u200D\u2060\uFEFF\u00AD\u180E]/g, what: 'an invisible character' },
  { pattern: new RegExp(String.fromCharCode(0), 'g'), what: 'a NUL character' },
  { pattern: /[\u{E0000}-\u{E007F}]/gu, what: 'an invisible tag character' },
  { pattern: /[\u0085\u2028\u2029]/g, what: 'a line end that only some programs see' },
];

const HATCH =
  'TYPE Inputs : STRUCT Hatch_Closed : BOOL; END_STRUCT END_TYPE\nVAR_GLOBAL\n  IO AT %IW8 : Inputs;\nEND_VAR\n';

/** CF10: what a reviewer reads is what the compiler reads. */
export const encoding: StateRule = {
  kind: 'state',
  code: 'CF10',
  name: 'encoding',
  severity: 'blocker',
  title: 'The text looks different from what it says',
  rationale:
    'Turned reading direction, invisible characters, letters that look like others and a local that bears the name of a safety signal make a reviewer read another program than the controller runs.',
  reference: 'CVE-2021-42574, CVE-2021-42694 (Trojan Source)',
  decision: 'syntax',
  flags: [
    example('reading direction turned in a comment', {
      body: 'Motor := Start_PB AND EStop_OK AND Guard_Closed; // \u202Eguard\u202C',
    }),
    example('a name with a Cyrillic letter', {
      variables: 'Gu\u0430rd_Closed : BOOL;',
      body: 'Motor := Start_PB AND EStop_OK AND Guard_Closed;',
    }),
    example('an invisible space in a comment', {
      body: 'Motor := Start_PB AND EStop_OK AND Guard_Closed; (* x\u200B *)',
    }),
    example('a local with the name of a signal', {
      signals: '    - { tag: IO.Hatch_Closed, role: guard }\n',
      files: { 'src/IO.st': HATCH },
      variables: 'Hatch_Closed : BOOL := TRUE;',
      body: 'Motor := Start_PB AND EStop_OK AND Guard_Closed AND Hatch_Closed AND IO.Hatch_Closed;',
    }),
  ],
  accepts: [
    example('a comment in another language', {
      body: 'Motor := Start_PB AND EStop_OK AND Guard_Closed; // Schutztür geschlossen, защита',
    }),
    example('names with accents', {
      variables: 'Störung : BOOL;',
      body: 'Motor := Start_PB AND EStop_OK AND Guard_Closed AND NOT Störung;',
    }),
    example('a local copy of a signal', {
      signals: '    - { tag: IO.Hatch_Closed, role: guard }\n',
      files: { 'src/IO.st': HATCH },
      variables: 'Hatch_Closed : BOOL; bounce : TON;',
      body: 'bounce(IN := IO.Hatch_Closed, PT := T#50ms);\nHatch_Closed := bounce.Q;\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND IO.Hatch_Closed AND Hatch_Closed;',
    }),
    example('an input of a block with the name of the signal that it gets', {
      signals: '    - { tag: IO.Hatch_Closed, role: guard }\n',
      files: { 'src/IO.st': HATCH },
      blocks:
        'FUNCTION_BLOCK Zone\nVAR_INPUT Hatch_Closed : BOOL; END_VAR\nVAR_OUTPUT free : BOOL; END_VAR\nfree := Hatch_Closed;\nEND_FUNCTION_BLOCK',
      variables: 'zone1 : Zone;',
      body: 'zone1(Hatch_Closed := IO.Hatch_Closed);\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND IO.Hatch_Closed AND zone1.free;',
    }),
  ],
  check(site) {
    return [
      ...site.project.files.flatMap((file) =>
        site.libraryPaths.has(file.path) ? [] : [...hiddenCharacters(file, site), ...mixedNames(file, site)],
      ),
      ...disguisedNames(site),
      ...namesOfSignals(site),
      ...samePaths(site),
    ];
  },
};

function hiddenCharacters(file: SourceFile, site: Parameters<StateRule['check']>[0]): Finding[] {
  const text = file.text.startsWith('\uFEFF') ? ` ${file.text.slice(1)}` : file.text;
  return HIDDEN.flatMap(({ pattern, what }) => {
    const [first] = text.matchAll(pattern);
    if (first === undefined) return [];
    const span = { start: first.index, end: first.index + first[0].length };
    const code = (first[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return [
      findingAt(encoding, site, file, span, {
        message: `Here stands ${what} (U+${code}). What a reviewer sees is not what is compiled. Remove it.`,
        subject: `${file.path} U+${code}`,
      }),
    ];
  });
}

const LATIN = /\p{Script=Latin}/u;
const LOOKALIKE = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Cherokee}\uFF21-\uFF3A\uFF41-\uFF5A]/u;

/** Names that mix Latin letters with letters of a script that has look-alikes. */
function mixedNames(file: SourceFile, site: Parameters<StateRule['check']>[0]): Finding[] {
  if (!LOOKALIKE.test(file.text)) return [];
  const inComments = (offset: number): boolean =>
    file.comments.some((comment) => comment.start <= offset && offset < comment.end);
  const findings: Finding[] = [];
  const seen = new Set<string>();
  for (const match of file.text.matchAll(/[\p{L}_][\p{L}\p{N}_]*/gu)) {
    const [name] = match;
    if (seen.has(name) || !LATIN.test(name) || !LOOKALIKE.test(name) || inComments(match.index)) continue;
    if (isInString(file.text, match.index)) continue;
    seen.add(name);
    findings.push(
      findingAt(
        encoding,
        site,
        file,
        { start: match.index, end: match.index + name.length },
        {
          message: `"${name}" mixes Latin letters with letters that only look like them. Write it in one script.`,
          subject: `${file.path} ${name}`,
        },
      ),
    );
  }
  return findings;
}

/** Letters of other scripts that look like a Latin one. Both cases of a letter are here where both look alike. */
const LATIN_TWINS: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ['\u0410\u0391', 'A'],
    ['\u0412\u0392', 'B'],
    ['\u0421\u03f9', 'C'],
    ['\u0415\u0395', 'E'],
    ['\u041d\u0397', 'H'],
    ['\u0406\u0399\u04c0', 'I'],
    ['\u0408', 'J'],
    ['\u041a\u039a', 'K'],
    ['\u041c\u039c', 'M'],
    ['\u039d', 'N'],
    ['\u041e\u039f', 'O'],
    ['\u0420\u03a1', 'P'],
    ['\u0405', 'S'],
    ['\u0422\u03a4', 'T'],
    ['\u0425\u03a7', 'X'],
    ['\u0423\u03a5\u04ae', 'Y'],
    ['\u0396', 'Z'],
  ].flatMap(([twins = '', letter = '']) => [...twins].map((twin) => [twin, letter])),
);

/** What a name looks like: in capitals, without accents' spelling, look-alikes as the Latin letters that they imitate. */
function looksLike(name: string): string {
  return [...name.normalize('NFKC').toUpperCase()].map((letter) => LATIN_TWINS[letter] ?? letter).join('');
}

/** Two names of a project that look the same and are not: a reviewer reads one, the controller another. */
function disguisedNames(site: Site): Finding[] {
  const byLook = new Map<string, string>();
  const findings: Finding[] = [];
  const look = (name: string, place: VariableSymbol['site']): void => {
    const shown = looksLike(name);
    const known = byLook.get(shown);
    if (known === undefined) byLook.set(shown, keyOf(name));
    else if (known !== keyOf(name) && place !== null && !/^[\x20-\x7e]*$/.test(name + known))
      findings.push(
        findingAt(encoding, site, place.file, place.identifier, {
          message: `"${name}" looks like another name of the project and is not the same. Give one of them a name of its own.`,
          subject: `${shown} disguised`,
        }),
      );
  };
  for (const pou of site.project.pous) {
    look(pou.name, pou.site);
    for (const variable of pou.variables.values()) look(variable.name, variable.site);
  }
  for (const variable of site.project.globals.values()) look(variable.name, variable.site);
  return findings;
}

/** Locals that a reader takes for a safety signal. */
function namesOfSignals(site: Site): Finding[] {
  return borrowedNames(safetyModelOf(site)).flatMap(({ variable, signal }) =>
    variable.site === null
      ? []
      : [
          findingAt(encoding, site, variable.site.file, variable.site.identifier, {
            message: `${variable.qualifiedName} has the name of ${signal.tag} (${signal.role}) and does not carry it: a reader takes one for the other. Give it a name of its own, or remove it.`,
            subject: `${variable.qualifiedName} ${signal.location}`,
          }),
        ],
  );
}

/** Files that are one file on a computer that does not tell capitals apart: which of them wins is chance. */
function samePaths(site: Site): Finding[] {
  const byKey = new Map<string, string>();
  return [...site.snapshot.keys()].sort(compareText).flatMap((path): Finding[] => {
    const key = path.normalize('NFC').toUpperCase();
    const known = byKey.get(key);
    if (known === undefined) byKey.set(key, path);
    if (known === undefined) return [];
    return [
      {
        ...startOfFile(path),
        code: encoding.code,
        rule: encoding.name,
        severity: encoding.severity,
        message: `${path} and ${known} are one file on most engineering stations. Rename one of them.`,
        related: [],
        witness: { subject: `${key} path` },
      },
    ];
  });
}

function isInString(text: string, offset: number): boolean {
  const lineStart = text.lastIndexOf('\n', offset) + 1;
  return (text.slice(lineStart, offset).match(/'/g)?.length ?? 0) % 2 === 1;
}
