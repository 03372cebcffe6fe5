import * as vscode from 'vscode';
import { decodeText } from '../../core/base/decode.js';
import { readChangeVerdict } from '../../core/fleet/change-store.js';
import { siteOf, viewChange } from '../../core/fleet/changes.js';
import type { Fleet } from '../../core/fleet/fleet.js';
import { snapshotOfRevision } from '../../core/site/load-snapshot.js';
import { changedFiles } from '../../core/site/snapshot.js';
import { Disposable } from '../base/disposable.js';
import { type ChangeContent, DiffDocuments, diffUri } from './diff-documents.js';
import { firstChangedLine } from './first-change.js';
import { ReviewComments, type ReviewedFile } from './review-comments.js';

/** Opens change requests for review: all files in one multi-file diff, the words of the verifiers beside the lines. */
export class ChangeReview extends Disposable {
  readonly #fleet: () => Fleet;
  readonly #documents: DiffDocuments;
  readonly #comments: ReviewComments;

  constructor(fleet: () => Fleet) {
    super();
    this.#fleet = fleet;
    this.#documents = this.register(new DiffDocuments((changeId) => this.#load(changeId)));
    this.#comments = this.register(new ReviewComments());
  }

  /** Opens a change request. Its content comes from the commits that `change.json` names, not from the worktree. */
  async open(changeId: string): Promise<void> {
    const fleet = this.#fleet();
    const { record, altered } = viewChange(fleet, changeId);
    if (altered.length > 0) {
      throw new Error(
        `${changeId} was changed on disk (${altered.join(', ')}), so it can't be reviewed. Run the migration again.`,
      );
    }
    const verdict = readChangeVerdict(fleet.folder, changeId);
    if (verdict === null) throw new Error(`${changeId} has no readable verdict.`);
    const content = await this.#documents.contentOf(changeId);
    const files = changedFiles(content.before, content.after);
    const folder = siteOf(fleet, record).root;
    const root = vscode.Uri.file(folder);
    const resources = files.map(({ path, status }): [vscode.Uri, vscode.Uri | undefined, vscode.Uri | undefined] => [
      vscode.Uri.joinPath(root, path),
      status === 'added' ? undefined : diffUri(changeId, 'before', path),
      status === 'deleted' ? undefined : diffUri(changeId, 'after', path),
    ]);
    this.#comments.show({
      changeId,
      versions: { root: folder, base: record.base, head: record.head },
      summary: record.summary,
      verdict,
      files: files.filter(({ status }) => status !== 'deleted').map(({ path }) => reviewedFile(path, content)),
    });
    await vscode.commands.executeCommand('vscode.changes', `${record.site}: ${record.migration.title}`, resources);
  }

  async #load(changeId: string): Promise<ChangeContent> {
    const fleet = this.#fleet();
    const { record } = viewChange(fleet, changeId);
    const { root } = siteOf(fleet, record);
    const before = await snapshotOfRevision(root, record.base);
    const after = await snapshotOfRevision(root, record.head);
    return { before: before.snapshot, after: after.snapshot };
  }
}

function reviewedFile(path: string, { before, after }: ChangeContent): ReviewedFile {
  const text = (bytes: Uint8Array | undefined): string => (bytes === undefined ? '' : decodeText(bytes).text);
  return { path, firstChangedLine: firstChangedLine(text(before.get(path)), text(after.get(path))) };
}
