import type { Project } from '../language/semantics/model.js';
import { buildProject } from '../language/semantics/project.js';
import { parseExpression, parseSourceFile } from '../language/syntax/parser.js';
import { type ObligationResult, type ProveOptions, proveExpression } from './prove.js';

const PROPERTY_FILE = '<property>';
const PROPERTY_PROGRAM = 'PW_PROPERTY';

export type PropertyProof =
  | { readonly kind: 'answer'; readonly result: ObligationResult }
  /** The text is not one Boolean ST expression over the project's names. */
  | { readonly kind: 'not-an-expression'; readonly problem: string };

/**
 * Proves that an ST expression holds after every scan. Names are qualified as in manifests: `Main.Guard OR NOT Main.Motor`.
 * The expression is checked as part of a program that is never scheduled, so that it has types like any other code.
 */
export function proveProperty(project: Project, text: string, options: ProveOptions = {}): PropertyProof {
  const [error] = parseExpression(text, project.dialect).errors;
  if (error !== undefined) return { kind: 'not-an-expression', problem: error.message };
  // The end of a line closes a line comment at the end of the text.
  const source = `PROGRAM ${PROPERTY_PROGRAM}\nVAR PW_HOLDS : BOOL; END_VAR\nPW_HOLDS := (${text}\n);\nEND_PROGRAM`;
  const file = parseSourceFile(PROPERTY_FILE, source, project.dialect);
  const programs = project.schedule.flatMap((task) => task.programs);
  const [only] = programs;
  const extended = buildProject({
    files: [...project.files, file],
    dialect: project.dialect,
    entry: programs.length === 1 && only !== undefined && only.instance === null ? only.pou.name : null,
    cycle: project.schedule[0]?.interval ?? 10_000_000n,
  });
  const mistake = extended.findings.find((finding) => finding.file === PROPERTY_FILE && finding.severity === 'error');
  if (mistake !== undefined) return { kind: 'not-an-expression', problem: mistake.message };
  const property = extended.pous.find((pou) => pou.name === PROPERTY_PROGRAM);
  const body = property?.declaration?.body;
  const statement = body?.kind === 'StatementList' ? body.statements[0] : undefined;
  if (statement?.kind !== 'Assignment') return { kind: 'not-an-expression', problem: 'it is not one expression' };
  const scheduled: Project = {
    ...extended,
    lineTableOf: (each) => extended.lineTableOf(each),
    lookup: (name) => extended.lookup(name),
    schedule: extended.schedule.map((task) => ({
      ...task,
      programs: task.programs.filter((program) => program.pou !== property),
    })),
  };
  return { kind: 'answer', result: proveExpression(scheduled, statement.value, text, options) };
}
