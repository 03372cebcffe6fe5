import { stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, parse } from 'node:path';
import * as vscode from 'vscode';
import { readSettings } from '../base/settings.js';
import { LANGUAGE_IDS } from '../language/language-server.js';
import { DEBUG_TYPE } from '../testing/debug-type.js';

const MANIFEST_FILE = 'plantwright.yaml';

/** Fills in what a launch configuration leaves out: without a launch.json, what stands in the editor is debugged. */
export class LaunchConfigurations implements vscode.DebugConfigurationProvider {
  async resolveDebugConfiguration(
    folder: vscode.WorkspaceFolder | undefined,
    given: vscode.DebugConfiguration,
  ): Promise<vscode.DebugConfiguration | undefined> {
    const isBare = given.type === undefined || given.type === '';
    const configuration: vscode.DebugConfiguration = isBare
      ? { type: DEBUG_TYPE, request: 'launch', name: 'Debug in the simulator', stopOnEntry: true }
      : given;
    if (textOf(configuration, 'site') !== null) return configuration;
    const editor = editorWithCode(isBare);
    const file = textOf(configuration, 'file') ?? editor?.document.uri.fsPath ?? null;
    const around = file === null ? (folder?.uri.fsPath ?? null) : dirname(absolute(file, folder));
    const site = around === null ? null : await siteAround(around);
    if (site === null && file === null) {
      void vscode.window.showErrorMessage(
        'Plantwright: Open a file with a program, or name a "site" (a folder with plantwright.yaml) in the launch configuration.',
      );
      return undefined;
    }
    return {
      ...configuration,
      ...(site === null ? { dialect: readSettings(editor?.document.uri ?? null).dialect } : { site }),
      ...(file === null ? {} : { file }),
      ...(file !== null && editor !== null && file === editor.document.uri.fsPath
        ? { line: editor.selection.active.line + 1 }
        : {}),
    };
  }

  /** Variables such as `${workspaceFolder}` are filled in by now: paths become absolute. */
  resolveDebugConfigurationWithSubstitutedVariables(
    folder: vscode.WorkspaceFolder | undefined,
    configuration: vscode.DebugConfiguration,
  ): vscode.DebugConfiguration {
    const paths = ['site', 'file'].flatMap((key) => {
      const path = textOf(configuration, key);
      return path === null ? [] : [[key, absolute(path, folder)] as const];
    });
    return { ...configuration, ...Object.fromEntries(paths) };
  }
}

/** The editor in front when it holds something that can be debugged; `isAsked`: it was chosen by a person. */
function editorWithCode(isAsked: boolean): vscode.TextEditor | null {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.uri.scheme !== 'file') return null;
  const { languageId } = editor.document;
  const isCode = LANGUAGE_IDS.some((each) => each === languageId);
  return isCode || (isAsked && languageId === 'yaml') ? editor : null;
}

async function siteAround(folder: string): Promise<string | null> {
  for (let each = folder; ; each = dirname(each)) {
    const found = await stat(join(each, MANIFEST_FILE)).catch(() => null);
    if (found?.isFile() === true) return each;
    if (each === parse(each).root) return null;
  }
}

function absolute(path: string, folder: vscode.WorkspaceFolder | undefined): string {
  const root = folder ?? vscode.workspace.workspaceFolders?.[0];
  return isAbsolute(path) || root === undefined ? path : join(root.uri.fsPath, path);
}

function textOf(configuration: vscode.DebugConfiguration, key: string): string | null {
  const value: unknown = configuration[key];
  return typeof value === 'string' && value !== '' ? value : null;
}
