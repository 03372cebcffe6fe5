import * as vscode from 'vscode';
import type { Finding } from '../../core/base/finding.js';
import { STAGE_TITLES, stageSentence } from '../../core/fleet/checklist.js';
import type { Verdict } from '../../core/verify/verdict.js';
import { Disposable } from '../base/disposable.js';
import { caseOfFinding } from './counterexample.js';
import { diffUri } from './diff-documents.js';

/** A file of a review and where its first change stands (line from 0). */
export interface ReviewedFile {
  readonly path: string;
  readonly firstChangedLine: number;
}

export interface ReviewNotes {
  readonly changeId: string;
  /** Where the site is, and the commits before and after the change. */
  readonly versions: { readonly root: string; readonly base: string; readonly head: string };
  readonly summary: string;
  readonly verdict: Verdict;
  readonly files: readonly ReviewedFile[];
}

/** What the verifiers say, as comments beside the lines of a diff. One controller for all reviews; threads by document. */
export class ReviewComments extends Disposable {
  readonly #controller = this.register(
    vscode.comments.createCommentController('plantwright.review', 'Plantwright verifiers'),
  );
  readonly #threads = new Map<string, vscode.CommentThread[]>();

  constructor() {
    super();
    this.#controller.options = { prompt: '', placeHolder: '' };
  }

  /** Shows the notes of a change request, in place of those of an earlier opening. */
  show(notes: ReviewNotes): void {
    this.clear(notes.changeId);
    const threads: vscode.CommentThread[] = [];
    const [first] = notes.files;
    if (first !== undefined) threads.push(this.#overview(notes, first));
    for (const stage of notes.verdict.stages) {
      for (const finding of stage.findings) threads.push(this.#finding(notes, STAGE_TITLES[stage.stage], finding));
    }
    this.#threads.set(notes.changeId, threads);
  }

  clear(changeId: string): void {
    for (const thread of this.#threads.get(changeId) ?? []) thread.dispose();
    this.#threads.delete(changeId);
  }

  #overview(notes: ReviewNotes, file: ReviewedFile): vscode.CommentThread {
    const stages = notes.verdict.stages.map(
      (stage) => `- **${STAGE_TITLES[stage.stage]}** ${plain(stageSentence(stage))}`,
    );
    const text = `${plain(notes.summary)}\n\n${stages.join('\n')}`;
    const range = new vscode.Range(file.firstChangedLine, 0, file.firstChangedLine, 0);
    const thread = this.#thread(diffUri(notes.changeId, 'after', file.path), range, 'Verdict', text);
    thread.label = `Verdict: ${notes.verdict.status}`;
    // The menus of this thread approve and reject.
    thread.contextValue = 'verdict';
    return thread;
  }

  #finding(notes: ReviewNotes, author: string, finding: Finding): vscode.CommentThread {
    const range = new vscode.Range(finding.line - 1, finding.column - 1, finding.endLine - 1, finding.endColumn - 1);
    const text = `${plain(finding.message)}\n\n**${finding.code}** ${plain(finding.rule)}, ${finding.severity}`;
    const link = traceLink(notes, finding);
    const thread = this.#thread(diffUri(notes.changeId, 'after', finding.file), range, author, text + link);
    thread.label = `${finding.code} ${finding.severity}`;
    thread.state = vscode.CommentThreadState.Unresolved;
    return thread;
  }

  #thread(uri: vscode.Uri, range: vscode.Range, author: string, text: string): vscode.CommentThread {
    const body = new vscode.MarkdownString(text);
    body.isTrusted = { enabledCommands: ['plantwright.openTrace'] };
    const comment: vscode.Comment = { body, mode: vscode.CommentMode.Preview, author: { name: author } };
    const thread = this.#controller.createCommentThread(uri, range, [comment]);
    thread.canReply = false;
    thread.collapsibleState = vscode.CommentThreadCollapsibleState.Expanded;
    return thread;
  }
}

/** The way to the case that a finding carries, run on both versions. */
function traceLink({ versions: { root, base, head } }: ReviewNotes, finding: Finding): string {
  const what = caseOfFinding(finding);
  if (what === null) return '';
  const common = { kind: 'case', root, what } as const;
  const source = {
    ...common,
    revision: head,
    title: `${finding.code}: after the change`,
    compareWith: { ...common, revision: base, title: 'before the change' },
  };
  return `\n\n[Show it in a trace](command:plantwright.openTrace?${encodeURIComponent(JSON.stringify([source]))})`;
}

/** Text of a finding or a model is shown as text: it must not be able to put links or images into a comment. */
function plain(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#!|]/g, '\\$&');
}
