import { dirname, isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import type { Fleet } from '../core/fleet/fleet.js';
import { loadMigrations, PROMPTS_FOLDER } from '../core/fleet/migration-library.js';
import { requestCancel } from '../core/fleet/run.js';
import { verifyAudit } from '../core/fleet/verify-audit.js';
import type { Migration } from '../core/site/migration.js';
import { registerCommand } from './base/commands.js';
import { Disposable } from './base/disposable.js';
import type { Log } from './base/log.js';
import { readSettings } from './base/settings.js';
import { isUndecided } from './fleet/change-words.js';
import { FleetStore } from './fleet/fleet-store.js';
import { FleetTree } from './fleet/fleet-tree.js';
import { matrixOf } from './fleet/matrix-rows.js';
import { RunStatusBar } from './fleet/run-status-bar.js';
import { approveChange, askForPerson, type DecisionArguments, rejectChange } from './review/change-decision.js';
import { ChangeReview } from './review/change-review.js';
import { changeOfUri } from './review/diff-documents.js';
import { SigningKeys } from './review/signing-keys.js';
import { RunController, type RunEnd } from './runs/run-controller.js';
import type { RunOrder } from './runs/run-protocol.js';
import { askForStart, type StartArguments } from './runs/start-flow.js';
import { MatrixPanel } from './webview/matrix-panel.js';

const API_KEY_SECRET = 'plantwright.api-key';

/** Everything around runs, reviews and approvals. Made once, in a trusted workspace. */
export class FleetFeatures extends Disposable {
  readonly #context: vscode.ExtensionContext;
  readonly #log: Log;
  readonly #runs: RunController;
  readonly #store: FleetStore;
  readonly #review: ChangeReview;
  readonly #matrix: MatrixPanel;
  readonly #keys: SigningKeys;

  constructor(context: vscode.ExtensionContext, log: Log) {
    super();
    this.#context = context;
    this.#log = log;
    this.#runs = this.register(new RunController(context, log));
    this.#store = this.register(new FleetStore(log, () => this.#runs.progress));
    this.#review = this.register(new ChangeReview(() => this.#fleet()));
    this.#keys = new SigningKeys(context.secrets);
    this.#matrix = this.register(
      new MatrixPanel(
        context.extensionUri,
        (change) => void vscode.commands.executeCommand('plantwright.reviewChange', { change }),
      ),
    );
    const tree = this.register(new FleetTree());
    const statusBar = this.register(new RunStatusBar());
    this.register(this.#runs.onDidProgress(() => this.#store.refreshSoon()));
    this.register(
      this.#store.onDidChange((state) => {
        tree.update(state);
        statusBar.update(state);
        this.#matrix.update(matrixOf(state));
        void vscode.commands.executeCommand('setContext', 'plantwright.running', state.run?.state === 'running');
      }),
    );
    this.#registerCommands();
  }

  async start(): Promise<void> {
    await this.#store.locate();
  }

  #registerCommands(): void {
    const add = (name: string, handler: (argument: unknown) => Promise<unknown>): void => {
      this.register(registerCommand(name, this.#log, handler));
    };
    add('refreshFleet', async () => this.#store.locate());
    add('startMigration', (argument) => this.#startMigration(startArguments(argument)));
    add('resumeRun', () => this.#resumeRun());
    add('cancelRun', () => this.#cancelRun());
    add('showVerifierMatrix', async () => this.#matrix.show());
    add('reviewChange', async (argument) => {
      const id = await this.#changeOf(argument);
      if (id !== null) await this.#review.open(id);
      return id;
    });
    add('approveChange', (argument) => this.#decide(argument, approveChange));
    add('rejectChange', (argument) => this.#decide(argument, rejectChange));
    add('verifyAudit', () => this.#verifyAudit());
    add('storeSigningKey', () => this.#storeSigningKey());
    add('removeSigningKey', () => this.#removeSigningKey());
    add('storeApiKey', () => this.#storeApiKey());
  }

  /** The fleet at hand, or an error that says what is wrong with it. */
  #fleet(): Fleet {
    const { fleet, problems } = this.#store.state;
    if (fleet !== null) return fleet;
    const [problem] = problems;
    throw new Error(
      problem === undefined
        ? 'This workspace has no fleet.yaml. Open the folder of a fleet, or set plantwright.fleet.file.'
        : `fleet.yaml line ${problem.line}: ${problem.message}`,
    );
  }

  async #startMigration(given: StartArguments): Promise<RunEnd | null> {
    await this.#store.refresh();
    const fleet = this.#fleet();
    const settings = readSettings(vscode.Uri.file(fleet.file));
    const migrations = this.#migrations(fleet);
    if (migrations.length === 0)
      throw new Error(
        'There is no migration: neither in the folder prompts beside fleet.yaml nor in plantwright.fleet.promptFolders.',
      );
    const decision = await askForStart({ fleet, migrations, defaultEngine: settings.engine }, given);
    if (decision === null) return null;
    const startedBy =
      given.startedBy ?? (await askForPerson(fleet, 'Who starts the run? The author of a change can not approve it.'));
    if (startedBy === undefined) return null;
    return this.#work({
      kind: 'start',
      fleetFile: fleet.file,
      migrationFile: decision.migration.file,
      sites: decision.sites,
      dryRun: decision.dryRun,
      engine: decision.engine,
      concurrency: settings.concurrency,
      startedBy,
    });
  }

  async #resumeRun(): Promise<RunEnd | null> {
    const { run } = await this.#store.refresh();
    const fleet = this.#fleet();
    if (run === null || run.state === 'finished')
      throw new Error('There is no run to resume: the newest one is finished.');
    return this.#work({ kind: 'resume', fleetFile: fleet.file, run: run.id, engine: readSettings(null).engine });
  }

  async #work(order: RunOrder): Promise<RunEnd> {
    await vscode.commands.executeCommand('plantwright.fleet.focus');
    try {
      const end = await this.#runs.work(order, await this.#modelSecrets());
      this.#tellEnd(end);
      return end;
    } finally {
      await this.#store.refresh();
    }
  }

  /** The key of the model endpoint, from the keychain, for the process of the run only. */
  async #modelSecrets(): Promise<Record<string, string>> {
    const key = await this.#context.secrets.get(API_KEY_SECRET);
    return key === undefined ? {} : { ANTHROPIC_API_KEY: key };
  }

  async #storeApiKey(): Promise<void> {
    const key = await vscode.window.showInputBox({
      title: 'API key of the model endpoint',
      prompt: 'Kept in the keychain of the operating system. Leave it empty to remove the key. Recipes need none.',
      password: true,
      ignoreFocusOut: true,
    });
    if (key === undefined) return;
    if (key.trim() === '') await this.#context.secrets.delete(API_KEY_SECRET);
    else await this.#context.secrets.store(API_KEY_SECRET, key.trim());
  }

  #tellEnd(end: RunEnd): void {
    this.#log.info(`Run ${end.run} ${end.state}`);
    void vscode.window
      .showInformationMessage(`Plantwright: run ${end.run} ${end.state}.`, 'Show Verifier Matrix')
      .then((choice) => {
        if (choice !== undefined) this.#matrix.show();
      });
  }

  async #cancelRun(): Promise<void> {
    const { run } = await this.#store.refresh();
    const fleet = this.#fleet();
    if (run?.state !== 'running') throw new Error('No run is at work.');
    requestCancel(fleet.folder, run.id, readSettings(null).person || 'the editor');
  }

  /** Later folders are those that ship: a fleet may have its own version of a migration. */
  #migrations(fleet: Fleet): Migration[] {
    const { promptFolders } = readSettings(vscode.Uri.file(fleet.file));
    const folders = [
      join(fleet.folder, PROMPTS_FOLDER),
      ...promptFolders.map((folder) => (isAbsolute(folder) ? folder : join(dirname(fleet.file), folder))),
      this.#context.asAbsolutePath(PROMPTS_FOLDER),
    ];
    return loadMigrations(folders).flatMap(({ file, reading }) => {
      if (reading.migration !== null) return [reading.migration];
      this.#log.warn(`${file} is no usable migration: ${reading.findings[0]?.message ?? 'unknown reason'}`);
      return [];
    });
  }

  /** The change request that a command is about: of its argument, of the diff at hand, else picked. */
  async #changeOf(argument: unknown): Promise<string | null> {
    const given = memberText(argument, 'change') ?? changeOfTreeNode(argument) ?? changeOfResource(argument);
    if (given !== null) return given;
    await this.#store.refresh();
    this.#fleet();
    const views = this.#store.state.sites.flatMap(({ change }) => (change === null ? [] : [change]));
    if (views.length === 0) throw new Error('There is no change request yet. Start a migration first.');
    const open = [...views].sort((a, b) => Number(isUndecided(b)) - Number(isUndecided(a)));
    const items = open.map(({ record, status }) => ({
      label: record.site,
      description: record.id,
      detail: `${record.migration.title}: ${status}`,
    }));
    return (await vscode.window.showQuickPick(items, { placeHolder: 'Which change request?' }))?.description ?? null;
  }

  async #decide(argument: unknown, decide: typeof approveChange): Promise<string | null> {
    const id = await this.#changeOf(argument);
    if (id === null) return null;
    const view = await decide(this.#fleet(), id, this.#keys, decisionArguments(argument));
    await this.#store.refresh();
    if (view === null) return null;
    void vscode.window.showInformationMessage(
      `Plantwright: ${id} is ${view.status.replace('-', ' ')}. ${view.standing.missing.join(' ')}`.trim(),
    );
    return view.status;
  }

  async #verifyAudit(): Promise<boolean> {
    await this.#store.refresh();
    const { ok, entries, firstBad } = await verifyAudit(this.#fleet());
    if (ok) void vscode.window.showInformationMessage(`Plantwright: the audit log holds (${entries} entries).`);
    else
      void vscode.window.showErrorMessage(
        `Plantwright: the audit log does not hold from entry ${firstBad?.seq ?? '?'} on: ${firstBad?.reason ?? 'unknown reason'}`,
      );
    return ok;
  }

  async #storeSigningKey(): Promise<void> {
    await this.#store.refresh();
    const person = await askForPerson(this.#fleet(), 'Whose key is it?');
    if (person === undefined) return;
    const [file] =
      (await vscode.window.showOpenDialog({ title: `Signing key of ${person}`, openLabel: 'Store Key' })) ?? [];
    if (file === undefined) return;
    const key = await this.#keys.store(person, file.fsPath);
    void vscode.window.showInformationMessage(
      `Plantwright: the key of ${person} is stored. Its public part is ${key.publicKey}.`,
    );
  }

  async #removeSigningKey(): Promise<void> {
    const person = await askForPerson(this.#fleet(), 'Whose key should be removed?');
    if (person !== undefined) await this.#keys.remove(person);
  }
}

function startArguments(argument: unknown): StartArguments {
  if (typeof argument !== 'object' || argument === null) return {};
  const migration = memberText(argument, 'migration');
  const startedBy = memberText(argument, 'startedBy');
  const engine = memberText(argument, 'engine');
  return {
    ...(migration === null ? {} : { migration }),
    ...(startedBy === null ? {} : { startedBy }),
    ...(engine === 'recipe' || engine === 'agent' || engine === 'auto' ? { engine } : {}),
    ...('dryRun' in argument && typeof argument.dryRun === 'boolean' ? { dryRun: argument.dryRun } : {}),
    ...('sites' in argument && Array.isArray(argument.sites) ? { sites: argument.sites.map(String) } : {}),
  };
}

function decisionArguments(argument: unknown): DecisionArguments {
  const person = memberText(argument, 'person');
  const confirmation = memberText(argument, 'confirmation');
  const reason = memberText(argument, 'reason');
  return {
    ...(person === null ? {} : { person }),
    ...(confirmation === null ? {} : { confirmation }),
    ...(reason === null ? {} : { reason }),
  };
}

function memberText(value: unknown, key: string): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const member: unknown = Object.entries(value).find(([name]) => name === key)?.[1];
  return typeof member === 'string' ? member : null;
}

/** An entry of the tree, as VS Code hands it to a command of its menu. */
function changeOfTreeNode(node: unknown): string | null {
  if (typeof node !== 'object' || node === null || !('change' in node)) return null;
  const record =
    typeof node.change === 'object' && node.change !== null && 'record' in node.change ? node.change.record : null;
  return memberText(record, 'id');
}

/** A document or a comment thread of a diff, as VS Code hands it to a command; else the document at hand. */
function changeOfResource(resource: unknown): string | null {
  const ofThread = typeof resource === 'object' && resource !== null && 'uri' in resource ? resource.uri : resource;
  const uri = ofThread instanceof vscode.Uri ? ofThread : vscode.window.activeTextEditor?.document.uri;
  return uri === undefined ? null : changeOfUri(uri);
}
