import * as vscode from 'vscode';
import type { EngineName } from '../../core/fleet/engine-choice.js';

/** The settings of the extension, read anew at every call: a change needs no reload. Defaults stand in package.json. */
export function readSettings(scope: vscode.Uri | null): Settings {
  const section = vscode.workspace.getConfiguration('plantwright', scope);
  return {
    diagnosticsDelay: section.get<number>('diagnostics.delay', 200),
    dialect: section.get<string>('dialect', 'codesys'),
    fleetFile: section.get<string>('fleet.file', ''),
    promptFolders: section.get<string[]>('fleet.promptFolders', []),
    engine: engineOf(section.get<string>('fleet.engine', 'auto')),
    concurrency: section.get<number>('fleet.concurrency', 2),
    person: section.get<string>('review.person', ''),
    keyFile: section.get<string>('review.keyFile', ''),
  };
}

export interface Settings {
  /** Milliseconds without a keystroke before the safety rules run again. */
  readonly diagnosticsDelay: number;
  /** Dialect of files outside every site. */
  readonly dialect: string;
  /** Path of fleet.yaml relative to the workspace folder; empty: search. */
  readonly fleetFile: string;
  readonly promptFolders: readonly string[];
  readonly engine: EngineName;
  readonly concurrency: number;
  /** Id of the reviewer among the people of the fleet; empty: ask. */
  readonly person: string;
  /** Absolute path of the signing key; empty: SecretStorage. */
  readonly keyFile: string;
}

function engineOf(text: string): EngineName {
  return text === 'recipe' || text === 'agent' ? text : 'auto';
}
