import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { type E2eTest, eventually } from './registry.js';
import { appWindow } from './window.js';
import { siteFile } from './workspace.js';

/** The conveyor: plain IEC, an e-stop chain and a cover guard that every motor depends on. */
const CONVEYOR = 'plant-03-conveyor';
const MAIN = 'src/conveyor_main.st';

export const typingTests: readonly E2eTest[] = [
  {
    name: 'a site of the fleet opens without an error',
    run: async () => {
      const document = await vscode.workspace.openTextDocument(siteFile(CONVEYOR, MAIN));
      assert.equal(document.languageId, 'structured-text');
      await vscode.window.showTextDocument(document);
      await eventually('the outline of the file', async () => {
        const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[] | undefined>(
          'vscode.executeDocumentSymbolProvider',
          document.uri,
        );
        return symbols !== undefined && symbols.length > 0 ? symbols : null;
      });
      const errors = errorsOf(document.uri);
      assert.deepEqual(
        errors.map(({ message }) => message),
        [],
      );
    },
  },
  {
    name: 'diagnostics appear while typing and go when the mistake is mended',
    run: async () => {
      const document = await typeBeforeEnd('NoSuchTag := TRUE;\n');
      const found = await eventually(
        'a diagnostic for the unknown name',
        () => errorsOf(document.uri).find(({ message }) => message.includes('NoSuchTag')) ?? null,
      );
      assert.equal(found.source, 'plantwright');
      await appWindow.waitFor('.squiggly-error');
      await appWindow.screenshot('diagnostics-while-typing');
      await restore(document);
      await eventually('no error after the mistake is gone', () => (errorsOf(document.uri).length === 0 ? true : null));
    },
  },
  {
    name: 'an e-stop that software writes is a safety finding in the editor',
    run: async () => {
      const document = await typeBeforeEnd('EStop1_OK := TRUE;\n');
      const found = await eventually(
        'the safety finding',
        () => errorsOf(document.uri).find(({ code }) => codeOf(code) === 'ES01') ?? null,
      );
      assert.match(found.message, /EStop1_OK/);
      assert.ok(typeof found.code === 'object', 'the code has a page');
      const page = await vscode.workspace.openTextDocument(found.code.target);
      assert.match(page.getText(), /# ES01 /);
      await vscode.commands.executeCommand('workbench.actions.view.problems');
      await appWindow.waitFor('.markers-panel');
      await appWindow.screenshot('safety-finding-while-typing');
      await vscode.commands.executeCommand('workbench.action.closePanel');
      await vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
      await restore(document);
      await eventually('no finding after the edit is undone', () =>
        errorsOf(document.uri).length === 0 ? true : null,
      );
    },
  },
];

/** Types into the main program of the conveyor as a person does. */
async function typeBeforeEnd(text: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(siteFile(CONVEYOR, MAIN));
  const editor = await vscode.window.showTextDocument(document);
  const end = document.getText().search(/^END_PROGRAM/im);
  assert.ok(end > 0, 'the file has a program');
  const position = document.positionAt(end);
  editor.revealRange(new vscode.Range(position, position), vscode.TextEditorRevealType.InCenter);
  // The cursor is placed with the keyboard: a selection set from here reaches the window some time later.
  await vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
  await appWindow.press('Control+G');
  await appWindow.waitFor('.quick-input-widget .quick-input-box input');
  await appWindow.type(String(position.line + 1));
  await appWindow.press('Enter');
  await appWindow.press('Home');
  await appWindow.type(text);
  return document;
}

/** Puts the document back as it is committed, whatever the window saved meanwhile. */
async function restore(document: vscode.TextDocument): Promise<void> {
  const everything = new vscode.Range(0, 0, document.lineCount, 0);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, everything, document.getText().replace(/^(NoSuchTag|EStop1_OK) := TRUE;\n/gm, ''));
  await vscode.workspace.applyEdit(edit);
  await document.save();
}

function codeOf(code: vscode.Diagnostic['code']): string {
  return typeof code === 'object' ? String(code.value) : String(code);
}

function errorsOf(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter(({ severity }) => severity === vscode.DiagnosticSeverity.Error);
}
