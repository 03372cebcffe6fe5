import * as vscode from 'vscode';
import { Disposable } from '../base/disposable.js';

/** Scheme of the pages that explain a code; the server links every diagnostic to one. */
export const CODE_PAGE_SCHEME = 'plantwright-code';

type Pages = Readonly<Record<string, string>>;

/** The pages of all codes as documents: `plantwright-code:/IL03.md`. They ship with the extension and need no network. */
export class CodePages extends Disposable implements vscode.TextDocumentContentProvider {
  readonly #file: vscode.Uri;
  #pages: Promise<Pages> | null = null;

  constructor(extensionUri: vscode.Uri) {
    super();
    this.#file = vscode.Uri.joinPath(extensionUri, 'dist', 'code-pages.json');
    this.register(vscode.workspace.registerTextDocumentContentProvider(CODE_PAGE_SCHEME, this));
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const code = uri.path.replace(/^\//, '').replace(/\.md$/, '');
    this.#pages ??= this.#read();
    return (
      (await this.#pages)[code] ?? `# ${code}\n\nThere is no page for this code. Its message says what is wrong.\n`
    );
  }

  async #read(): Promise<Pages> {
    const pages: Pages = JSON.parse(new TextDecoder().decode(await vscode.workspace.fs.readFile(this.#file)));
    return pages;
  }
}
