import * as vscode from 'vscode';
import { Disposable } from '../base/disposable.js';
import { editorRange } from '../base/editor-range.js';
import type { Explanation } from '../testing/simulator-protocol.js';

const HEADING_LENGTH = 120;

/**
 * Shows in the source what a point of a trace means: the statement that wrote a tag in that scan, and behind each line
 * the values of its names. The values go with the next edit of the file: they belong to the text that was run.
 */
export class SourceValues extends Disposable {
  readonly #values = this.register(
    vscode.window.createTextEditorDecorationType({
      rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
      after: { color: new vscode.ThemeColor('editorInlayHint.foreground'), margin: '0 0 0 3ch' },
    }),
  );
  readonly #idle = this.register(
    vscode.window.createTextEditorDecorationType({
      after: { color: new vscode.ThemeColor('editorCodeLens.foreground'), margin: '0 0 0 3ch', fontStyle: 'italic' },
    }),
  );
  readonly #writes = this.register(
    vscode.window.createTextEditorDecorationType({
      isWholeLine: true,
      backgroundColor: new vscode.ThemeColor('editor.rangeHighlightBackground'),
      borderColor: new vscode.ThemeColor('contrastBorder'),
      overviewRulerColor: new vscode.ThemeColor('editorOverviewRuler.infoForeground'),
      overviewRulerLane: vscode.OverviewRulerLane.Center,
    }),
  );
  #shown: Explanation | null = null;

  constructor() {
    super();
    this.register(vscode.window.onDidChangeVisibleTextEditors(() => this.#decorateAll()));
    this.register(
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        const isAbout = this.#shown?.lines.some(({ file }) => file === document.uri.fsPath) ?? false;
        if (isAbout && contentChanges.length > 0) this.clear();
      }),
    );
  }

  /** Opens the statement that decided the value, beside the trace. */
  async show(explanation: Explanation): Promise<void> {
    this.#shown = explanation;
    const [write] = explanation.writes;
    if (write === undefined) {
      this.#decorateAll();
      void vscode.window.showInformationMessage(
        `Plantwright: no statement writes ${explanation.tag}. Its value comes from outside: a step of the scenario, a fault, or an initial value.`,
      );
      return;
    }
    const range = editorRange(write.range);
    const uri = vscode.Uri.file(write.file);
    const open = vscode.window.visibleTextEditors.find(({ document }) => document.uri.fsPath === write.file);
    const editor = await vscode.window.showTextDocument(uri, {
      viewColumn: open?.viewColumn ?? vscode.ViewColumn.Beside,
      selection: new vscode.Range(range.start, range.start),
    });
    editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    this.#decorateAll();
    await vscode.commands.executeCommand('setContext', 'plantwright.sourceValues', true);
    if (!write.ran) void vscode.window.setStatusBarMessage(`No statement wrote ${explanation.tag} in this scan`, 6000);
  }

  clear(): void {
    this.#shown = null;
    this.#decorateAll();
    void vscode.commands.executeCommand('setContext', 'plantwright.sourceValues', false);
  }

  #decorateAll(): void {
    for (const editor of vscode.window.visibleTextEditors) this.#decorate(editor);
  }

  #decorate(editor: vscode.TextEditor): void {
    const path = editor.document.uri.fsPath;
    const lines = (this.#shown?.lines ?? []).filter(
      ({ file, line }) => file === path && line <= editor.document.lineCount,
    );
    const optionsFor = (ran: boolean): vscode.DecorationOptions[] =>
      lines
        .filter((line) => line.ran === ran)
        .map(({ line, text }) => {
          const { range } = editor.document.lineAt(line - 1);
          const short = text.length <= HEADING_LENGTH ? text : `${text.slice(0, HEADING_LENGTH - 1)}…`;
          return {
            range,
            hoverMessage: text.split(', ').join('  \n'),
            renderOptions: { after: { contentText: ran ? short : `${short} (not run in this scan)` } },
          };
        });
    editor.setDecorations(this.#values, optionsFor(true));
    editor.setDecorations(this.#idle, optionsFor(false));
    const writes = (this.#shown?.writes ?? []).filter(({ file, ran }) => file === path && ran);
    editor.setDecorations(
      this.#writes,
      writes.map(({ range }) => editorRange(range)),
    );
  }
}
