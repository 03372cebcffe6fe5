import * as vscode from 'vscode';
import { decodeText } from '../../core/base/decode.js';
import type { SiteSnapshot } from '../../core/site/snapshot.js';
import { Disposable } from '../base/disposable.js';

export const DIFF_SCHEME = 'plantwright-diff';

export type DiffSide = 'before' | 'after';

/** Both sides of a change request, as committed. */
export interface ChangeContent {
  readonly before: SiteSnapshot;
  readonly after: SiteSnapshot;
}

/** The address of one file of one side. Both sides have the same path: a diff of two paths reads as a renamed file. */
export function diffUri(changeId: string, side: DiffSide, path: string): vscode.Uri {
  return vscode.Uri.from({ scheme: DIFF_SCHEME, path: `/${changeId}/${path}`, query: side });
}

/** The change request that a document of this scheme belongs to; null for other documents. */
export function changeOfUri(uri: vscode.Uri): string | null {
  if (uri.scheme !== DIFF_SCHEME) return null;
  return uri.path.split('/')[1] ?? null;
}

/** Read-only documents with the committed content of change requests under review. */
export class DiffDocuments extends Disposable implements vscode.TextDocumentContentProvider {
  readonly #contents = new Map<string, ChangeContent>();
  readonly #load: (changeId: string) => Promise<ChangeContent>;

  constructor(load: (changeId: string) => Promise<ChangeContent>) {
    super();
    this.#load = load;
    this.register(vscode.workspace.registerTextDocumentContentProvider(DIFF_SCHEME, this));
  }

  /** Content never changes under an id: both sides are commits. */
  async contentOf(changeId: string): Promise<ChangeContent> {
    const known = this.#contents.get(changeId);
    if (known !== undefined) return known;
    const content = await this.#load(changeId);
    this.#contents.set(changeId, content);
    return content;
  }

  /** Also answers after a reload of the window, when an open diff asks for its documents again. */
  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const [, changeId = '', ...path] = uri.path.split('/');
    const content = await this.contentOf(changeId);
    const bytes = (uri.query === 'before' ? content.before : content.after).get(path.join('/'));
    return bytes === undefined ? '' : decodeText(bytes).text;
  }
}
