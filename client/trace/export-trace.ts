import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { SimulatorProcess } from '../testing/simulator-process.js';
import type { OpenTrace } from '../testing/simulator-protocol.js';
import type { ViewMessage } from '../webview/trace/trace-messages.js';

/** Writes the visible part of a trace to a file that is asked for. */
export async function exportTrace(
  simulator: SimulatorProcess,
  { trace, title, source }: OpenTrace,
  { format, firstSample, lastSample, tags }: Extract<ViewMessage, { kind: 'export' }>,
): Promise<void> {
  const folder = 'file' in source ? dirname(source.file) : 'path' in source ? dirname(source.path) : source.root;
  const name = `${title.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '')}.${format}`;
  const target = await vscode.window.showSaveDialog({
    title: 'Export Trace',
    defaultUri: vscode.Uri.file(join(folder, name)),
    filters: { [format.toUpperCase()]: [format] },
  });
  if (target === undefined) return;
  const { text } = await simulator.ask('export', {
    trace,
    tags,
    format,
    title,
    firstSample,
    lastSample,
  });
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
  const choice = await vscode.window.showInformationMessage(`Plantwright: ${target.fsPath} is written.`, 'Open');
  if (choice !== undefined) await vscode.commands.executeCommand('vscode.open', target);
}
