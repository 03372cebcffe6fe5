import * as vscode from 'vscode';
import { Disposable } from '../base/disposable.js';
import type { TestExplorer } from './test-explorer.js';

const YAML = [
  { scheme: 'file', pattern: '**/*.yaml' },
  { scheme: 'file', pattern: '**/*.yml' },
];

/** "Run | Debug | Trace" above each scenario. Which files are scenarios the manifest of their site decides. */
export class ScenarioLenses extends Disposable implements vscode.CodeLensProvider {
  readonly #explorer: TestExplorer;
  readonly onDidChangeCodeLenses: vscode.Event<void>;

  constructor(explorer: TestExplorer) {
    super();
    this.#explorer = explorer;
    this.onDidChangeCodeLenses = explorer.tree.onDidChange;
    this.register(vscode.languages.registerCodeLensProvider(YAML, this));
  }

  provideCodeLenses({ uri }: vscode.TextDocument): vscode.CodeLens[] {
    return this.#explorer.tree.checksIn(uri).flatMap((item) => {
      const range = item.range ?? new vscode.Range(0, 0, 0, 0);
      const first = new vscode.Range(range.start, range.start);
      const lens = (title: string, name: string): vscode.CodeLens =>
        new vscode.CodeLens(first, { title, command: `plantwright.${name}`, arguments: [{ uri }] });
      return [
        lens('Run', 'runTest'),
        ...(this.#explorer.canDebug ? [lens('Debug', 'debugTest')] : []),
        lens('Trace', 'openTrace'),
      ];
    });
  }
}
