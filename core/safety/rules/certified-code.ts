import type { Finding } from '../../base/finding.js';
import { compareText, startOfFile } from '../../base/finding.js';
import { keyOf, type PouSymbol } from '../../language/semantics/symbols.js';
import type { SourceFile } from '../../language/syntax/tree.js';
import { matchesAny } from '../../site/source-paths.js';
import { dependencyTexts } from '../compare/dependencies.js';
import { sourceChanges } from '../compare/source-changes.js';
import { areTokenEqual } from '../compare/tokens.js';
import type { Change, ChangeRule } from '../rule.js';
import { findingAt } from '../safety-model.js';
import { sourceOfPou } from './agent-scope.js';
import { LIMITS, PRESS, pressMachine } from './certified-example.js';
import { listText } from './rule-text.js';

/** CF01: certified code is certified byte by byte. */
export const certifiedChanged: ChangeRule = {
  kind: 'change',
  code: 'CF01',
  name: 'hash-mismatch',
  severity: 'blocker',
  title: 'Certified code changed',
  rationale: 'A certificate belongs to an exact text. Any other text needs the body that certified it.',
  reference: 'ISO 13849-1:2023, 7.4; Regulation (EU) 2023/1230, Annex III',
  decision: 'configuration',
  flags: [
    {
      title: 'a limit in a certified block',
      before: pressMachine({}),
      files: pressMachine({ press: PRESS.replace('pressure <', 'pressure <=') }),
    },
    {
      title: 'a comment in a certified file',
      before: pressMachine({}),
      files: pressMachine({ press: `// checked\n${PRESS}` }),
    },
    {
      title: 'a certified POU by its name',
      before: pressMachine({ certified: 'POU:PressControl', path: 'src/press.st' }),
      files: pressMachine({
        certified: 'POU:PressControl',
        path: 'src/press.st',
        press: PRESS.replace('door AND', 'door OR'),
      }),
    },
  ],
  accepts: [
    {
      title: 'a change beside it',
      before: pressMachine({}),
      files: {
        ...pressMachine({}),
        'src/lamp.st': 'FUNCTION_BLOCK Lamp\nVAR_OUTPUT on : BOOL; END_VAR\non := TRUE;\nEND_FUNCTION_BLOCK\n',
      },
    },
  ],
  check(change) {
    const findings: Finding[] = [];
    const isCertified = certifiedPaths(change);
    for (const entry of sourceChanges(change)) {
      if (!isCertified(entry.path) || entry.status !== 'modified') continue;
      findings.push(
        wholeFile(
          certifiedChanged,
          entry.path,
          `${entry.path} is certified and changed: its bytes differ, ${entry.isTokenEqual ? 'its code is the same apart from comments and spacing' : 'and so does its code'}. Restore the file; only its certifier may change it.`,
        ),
      );
    }
    for (const name of certifiedPous(change)) {
      const old = sourceOfPou(change.before, name);
      const now = sourceOfPou(change.after, name);
      if (old === null || now === null || old.text === now.text || isCertified(now.path)) continue;
      const pou = pouNamed(change.after.project.pous, name);
      const file = pou?.site?.file;
      const oldFile = pouNamed(change.before.project.pous, name)?.site?.file;
      const isSame =
        file !== undefined &&
        oldFile !== undefined &&
        areTokenEqual(sliceOf(oldFile, old.text), sliceOf(file, now.text));
      const message = `${name} is certified and changed: its text differs, ${isSame ? 'its code is the same apart from comments and spacing' : 'and so does its code'}. Restore it; only its certifier may change it.`;
      if (file !== undefined && pou?.declaration)
        findings.push(
          findingAt(certifiedChanged, change.after, file, pou.declaration.name, { message, subject: `POU ${name}` }),
        );
    }
    return findings;
  },
};

/** CF02: certified code stays where it is, and nothing takes its name. */
export const certifiedReplaced: ChangeRule = {
  kind: 'change',
  code: 'CF02',
  name: 'deleted-renamed-shadowed',
  severity: 'blocker',
  title: 'Certified code was deleted, renamed or shadowed',
  rationale:
    'A certified block that is gone, or that another one of its name stands in for, protects nobody, although its own text never changed.',
  reference: 'ISO 13849-1:2023, 7.4',
  decision: 'whole-program',
  flags: [
    {
      title: 'moved to a path that is not certified',
      before: pressMachine({}),
      files: pressMachine({ path: 'src/press.st' }),
    },
    {
      title: 'a namesake appears',
      before: pressMachine({ certified: 'POU:PressControl', path: 'src/z_press.st' }),
      files: {
        ...pressMachine({ certified: 'POU:PressControl', path: 'src/z_press.st' }),
        'src/a_press.st': PRESS.replace('door AND', 'TRUE AND'),
      },
    },
  ],
  accepts: [
    {
      title: 'nothing about it changed',
      before: pressMachine({}),
      files: pressMachine({ call: 'pressure := p, door := Guard_Closed' }),
    },
  ],
  check(change) {
    const findings: Finding[] = [];
    const isCertified = certifiedPaths(change);
    const namesBefore = new Set<string>();
    for (const entry of sourceChanges(change)) {
      if (!isCertified(entry.path)) continue;
      if (entry.status === 'deleted')
        findings.push(
          wholeFile(
            certifiedReplaced,
            entry.path,
            `${entry.path} is certified and is gone from its place. Restore it.`,
          ),
        );
    }
    for (const pou of change.before.project.pous)
      if (pou.site !== null && isCertified(pou.site.file.path)) namesBefore.add(pou.qualifiedName);
    for (const name of certifiedPous(change)) namesBefore.add(name);
    for (const name of [...namesBefore].sort(compareText)) {
      const old = declarationsOf(change.before, name);
      const now = declarationsOf(change.after, name);
      if (old.length === 0) continue;
      if (now.length === 0) {
        const path = old[0]?.path ?? '';
        if (change.after.snapshot.has(path) || !isCertified(path))
          findings.push(
            wholeFile(certifiedReplaced, path, `${name} is certified and does not exist any more. Restore it.`),
          );
        continue;
      }
      const added = now.filter((place) => !old.some((other) => other.path === place.path));
      const [first] = added;
      if (first !== undefined && now.length > old.length) {
        findings.push(
          findingAt(certifiedReplaced, change.after, first.file, first.span, {
            message: `Another ${name} is declared here; the certified one could be shadowed by it. Give it a name of its own.`,
            subject: `shadow ${name}`,
          }),
        );
      } else if (first !== undefined && !isCertified(first.path)) {
        findings.push(
          findingAt(certifiedReplaced, change.after, first.file, first.span, {
            message: `${name} is certified and was moved here. Restore it in its place.`,
            subject: `moved ${name}`,
          }),
        );
      }
    }
    return findings;
  },
};

/** CF03: what certified code stands on. */
export const dependencyChanged: ChangeRule = {
  kind: 'change',
  code: 'CF03',
  name: 'dependency-changed',
  severity: 'blocker',
  title: 'Something that certified code depends on changed',
  rationale:
    'A certified block computes with types, constants and functions that stand elsewhere. Changing them changes the block without touching its text.',
  reference: 'ISO 13849-1:2023, 7.4; IEC 61508-3:2010, 7.8',
  decision: 'configuration',
  flags: [
    {
      title: 'a constant that it reads',
      before: pressMachine({}),
      files: pressMachine({ limits: LIMITS.replace('200', '260') }),
    },
  ],
  accepts: [
    {
      title: 'a comment beside that constant',
      before: pressMachine({}),
      files: pressMachine({ limits: LIMITS.replace('VAR_GLOBAL', '(* bar *)\nVAR_GLOBAL') }),
    },
    {
      title: 'a constant that it does not read',
      before: pressMachine({ limits: LIMITS.replace('END_VAR', '  OTHER : INT := 1;\nEND_VAR') }),
      files: pressMachine({ limits: LIMITS.replace('END_VAR', '  OTHER : INT := 2;\nEND_VAR') }),
    },
  ],
  check(change) {
    return certifiedSymbols(change).flatMap((pou): Finding[] => {
      const now = pouNamed(change.after.project.pous, pou.qualifiedName);
      if (now === undefined || now.site === null || now.declaration === null) return [];
      const before = dependencyTexts(change.before.project, pou);
      const after = dependencyTexts(change.after.project, now);
      const changed = [...before]
        .filter(([name, text]) => after.get(name) !== text)
        .map(([name]) => name.slice(name.indexOf(' ') + 1));
      if (changed.length === 0) return [];
      return [
        findingAt(dependencyChanged, change.after, now.site.file, now.declaration.name, {
          message: `${pou.qualifiedName} is certified and depends on ${listText(changed)}, which changed. Restore ${changed.length === 1 ? 'it' : 'them'}.`,
          subject: `${pou.qualifiedName} ${changed.join(' ')}`,
          witness: { changed },
        }),
      ];
    });
  },
};

function entriesOf(change: Change): readonly string[] {
  return [
    ...new Set([
      ...(change.before.manifest?.safety?.certified ?? []),
      ...(change.after.manifest?.safety?.certified ?? []),
    ]),
  ];
}

function certifiedPaths(change: Change): (path: string) => boolean {
  return matchesAny(entriesOf(change).filter((entry) => !entry.startsWith('POU:')));
}

function certifiedPous(change: Change): string[] {
  return entriesOf(change)
    .filter((entry) => entry.startsWith('POU:'))
    .map((entry) => entry.slice(4));
}

/** Every POU that the manifest, before or after, calls certified. */
export function certifiedSymbols(change: Change): PouSymbol[] {
  const isCertified = certifiedPaths(change);
  const names = new Set(certifiedPous(change).map(keyOf));
  return change.before.project.pous.filter(
    (pou) =>
      (pou.site !== null && isCertified(pou.site.file.path)) ||
      names.has(keyOf(pou.name)) ||
      names.has(keyOf(pou.qualifiedName)),
  );
}

function pouNamed(pous: readonly PouSymbol[], name: string): PouSymbol | undefined {
  return pous.find((pou) => keyOf(pou.qualifiedName) === keyOf(name) || keyOf(pou.name) === keyOf(name));
}

/** All declarations of a POU name in all files, also those that the project counts as duplicates. */
function declarationsOf(
  site: Change['before'],
  name: string,
): { path: string; file: SourceFile; span: { start: number; end: number } }[] {
  const last = keyOf(name.slice(name.lastIndexOf('.') + 1));
  return site.project.files.flatMap((file) =>
    file.declarations.flatMap((declaration) =>
      declaration.kind === 'Pou' && keyOf(declaration.name.name) === last
        ? [{ path: file.path, file, span: declaration.name }]
        : [],
    ),
  );
}

function sliceOf(file: SourceFile, text: string): SourceFile {
  const start = file.text.indexOf(text);
  const comments = file.comments
    .filter((comment) => comment.start >= start && comment.end <= start + text.length)
    .map((comment) => ({ ...comment, start: comment.start - start, end: comment.end - start }));
  return { ...file, text, comments };
}

function wholeFile(rule: ChangeRule, path: string, message: string): Finding {
  return {
    ...startOfFile(path),
    code: rule.code,
    rule: rule.name,
    severity: rule.severity,
    message,
    related: [],
    witness: { subject: message.split(':')[0] ?? path },
  };
}
