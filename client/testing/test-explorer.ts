import { join } from 'node:path';
import * as vscode from 'vscode';
import { Disposable } from '../base/disposable.js';
import type { Log } from '../base/log.js';
import { CheckTree, type KnownCheck } from './check-tree.js';
import { DEBUG_TYPE, hasDebugger } from './debug-type.js';
import { addCoverage, type CoverageDetails, detailsOf } from './run-coverage.js';
import { SimulatorProcess } from './simulator-process.js';
import type { CheckMessage, CheckOutcome } from './simulator-protocol.js';

const SOURCES = '**/*.{st,iecst,exp,EXP,scl,udt,db,TcPOU,TcGVL,TcDUT,TcIO,yaml,yml}';
/** Milliseconds without a change before sites are read, or run, again. */
const QUIET_MS = 300;

type RunKind = 'run' | 'coverage' | 'debug';

/** Tests, suites and scenarios of every site in the Test Explorer. */
export class TestExplorer extends Disposable {
  readonly #context: vscode.ExtensionContext;
  readonly #log: Log;
  readonly #controller: vscode.TestController;
  readonly #runs: SimulatorProcess;
  readonly #details: CoverageDetails = new WeakMap();
  readonly #profiles: Readonly<Partial<Record<RunKind, vscode.TestRunProfile>>>;
  readonly #siteChanged = this.register(new vscode.EventEmitter<string>());
  readonly tree: CheckTree;

  /** `views` answers what must not wait for a test run: discovery, traces. */
  constructor(context: vscode.ExtensionContext, log: Log, views: SimulatorProcess) {
    super();
    this.#context = context;
    this.#log = log;
    this.#runs = this.register(new SimulatorProcess(context, log));
    this.#controller = this.register(vscode.tests.createTestController('plantwright', 'Plantwright'));
    this.tree = this.register(new CheckTree(this.#controller, views, log));
    this.#controller.resolveHandler = async (item) =>
      item === undefined ? this.tree.readAll() : this.tree.readSite(item.id);
    this.#controller.refreshHandler = async () => this.tree.readAll();
    this.#profiles = this.#createProfiles();
    this.#followFiles();
    this.#followEditors();
  }

  async start(): Promise<void> {
    await Promise.all(vscode.window.visibleTextEditors.map(({ document }) => this.#readAround(document)));
    await this.tree.findSites();
  }

  #createProfiles(): Partial<Record<RunKind, vscode.TestRunProfile>> {
    const profile = (name: string, kind: RunKind, runKind: vscode.TestRunProfileKind): vscode.TestRunProfile => {
      const handler = (request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> =>
        this.#handle(kind, request, token);
      const created = this.#controller.createRunProfile(name, runKind, handler, true);
      created.supportsContinuousRun = kind !== 'debug';
      return created;
    };
    const coverage = profile('Run with Coverage', 'coverage', vscode.TestRunProfileKind.Coverage);
    coverage.loadDetailedCoverage = async (_, file) => detailsOf(this.#details, file);
    return {
      run: profile('Run', 'run', vscode.TestRunProfileKind.Run),
      coverage,
      ...(hasDebugger(this.#context) ? { debug: profile('Debug', 'debug', vscode.TestRunProfileKind.Debug) } : {}),
    };
  }

  get canDebug(): boolean {
    return this.#profiles.debug !== undefined;
  }

  /** The check behind an entry of the Test Explorer, as VS Code hands it to a command. */
  checkOf(item: unknown): KnownCheck | null {
    const id = typeof item === 'object' && item !== null && 'id' in item ? item.id : null;
    if (typeof id !== 'string') return null;
    const at = id.indexOf('|');
    const known = at < 0 ? null : this.tree.find(id.slice(0, at), id.slice(at + 1));
    return known === null ? null : this.tree.checkOf(known);
  }

  /** The root of the site around a file; null outside of every site. */
  async rootOf(uri: vscode.Uri): Promise<string | null> {
    return this.tree.siteAround(uri.fsPath);
  }

  /** Runs one check as if its icon had been clicked. Returns false when there is no such check. */
  async runOne(kind: RunKind, uri: vscode.Uri, name: string | null): Promise<boolean> {
    const item = await this.itemAt(uri, name);
    const profile = this.#profiles[kind];
    if (item === null || profile === undefined) return false;
    const ended = new vscode.CancellationTokenSource();
    await this.#handle(kind, new vscode.TestRunRequest([item], undefined, profile), ended.token);
    return true;
  }

  /** The check of a document with that name; without one the first. */
  async itemAt(uri: vscode.Uri, name: string | null): Promise<vscode.TestItem | null> {
    const root = await this.rootOf(uri);
    if (root === null) return null;
    await this.tree.readSite(root);
    const checks = this.tree.checksIn(uri);
    return checks.find(({ label }) => name === null || label === name) ?? null;
  }

  async #handle(kind: RunKind, request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> {
    if (request.continuous !== true) return this.#runOnce(kind, request, token, null);
    const changed = new Set<string>();
    let next: Promise<void> = Promise.resolve();
    const listener = this.#siteChanged.event((root) => {
      changed.add(root);
      next = next.then(async () => {
        const roots = new Set(changed);
        changed.clear();
        // A request stands for one run; to run again takes a new one.
        const again = new vscode.TestRunRequest(request.include, request.exclude, request.profile, true);
        if (roots.size > 0 && !token.isCancellationRequested) await this.#runOnce(kind, again, token, roots);
      });
    });
    token.onCancellationRequested(() => listener.dispose());
  }

  /** `roots`: only checks of these sites; null: of all. */
  async #runOnce(
    kind: RunKind,
    request: vscode.TestRunRequest,
    token: vscode.CancellationToken,
    roots: ReadonlySet<string> | null,
  ): Promise<void> {
    const items = (await this.#chosen(request)).filter((item) => {
      const check = this.tree.checkOf(item);
      return check !== null && (roots === null || roots.has(check.root));
    });
    const run = this.#controller.createTestRun(request);
    const ended = new vscode.CancellationTokenSource();
    const listeners = [run.token, token].map((each) => each.onCancellationRequested(() => ended.cancel()));
    try {
      for (const item of items) run.enqueued(item);
      if (kind === 'debug') await this.#debug(run, items, ended.token);
      for (const [root, ids] of this.#byRoot(items)) {
        if (ended.token.isCancellationRequested) break;
        await this.#runSite(run, root, ids, kind === 'coverage', ended.token);
      }
    } catch (error) {
      if (!(error instanceof vscode.CancellationError)) throw error;
    } finally {
      for (const listener of listeners) listener.dispose();
      run.end();
    }
  }

  async #chosen({ include, exclude }: vscode.TestRunRequest): Promise<vscode.TestItem[]> {
    const tops = include ?? [...this.#controller.items].map(([, item]) => item);
    for (const item of tops) if (this.#controller.items.get(item.id) === item) await this.tree.ensureRead(item.id);
    const excluded = new Set((exclude ?? []).flatMap((item) => this.tree.checksBelow(item)));
    return [...new Set(tops.flatMap((item) => this.tree.checksBelow(item)))].filter((item) => !excluded.has(item));
  }

  #byRoot(items: readonly vscode.TestItem[]): Map<string, string[]> {
    const byRoot = new Map<string, string[]>();
    for (const item of items) {
      const check = this.tree.checkOf(item);
      if (check !== null) byRoot.set(check.root, [...(byRoot.get(check.root) ?? []), check.id]);
    }
    return byRoot;
  }

  async #runSite(
    run: vscode.TestRun,
    root: string,
    ids: readonly string[],
    withCoverage: boolean,
    token: vscode.CancellationToken,
  ): Promise<void> {
    try {
      const answer = await this.#runs.ask('run', { root, ids, coverage: withCoverage }, token, (event) => {
        if (event.event === 'outcome') this.#tell(run, root, event.outcome);
        else {
          const item = this.tree.find(root, event.id);
          if (item !== null) run.started(item);
        }
      });
      if (withCoverage) addCoverage(run, root, answer.coverage, this.#details);
    } catch (error) {
      if (error instanceof vscode.CancellationError) throw error;
      this.#log.error(`Tests of ${root}`, error);
      const message = new vscode.TestMessage(error instanceof Error ? error.message : String(error));
      for (const id of ids) {
        const item = this.tree.find(root, id);
        if (item !== null) run.errored(item, message);
      }
    }
  }

  #tell(run: vscode.TestRun, root: string, outcome: CheckOutcome): void {
    const item = this.tree.itemOf(root, outcome);
    if (item === null) return;
    const duration = outcome.ms ?? undefined;
    const mark = outcome.status === 'passed' ? '\u001b[32mpassed\u001b[0m' : `\u001b[31m${outcome.status}\u001b[0m`;
    run.appendOutput(`${mark} ${item.label}\r\n`, undefined, item);
    if (outcome.status === 'passed') {
      run.passed(item, duration);
      return;
    }
    const messages = outcome.messages.map((message) => messageFor(root, outcome.id, message, item));
    for (const { text, file, line } of outcome.messages)
      run.appendOutput(
        `  ${file === null ? '' : `${file}:${line}: `}${text.replaceAll('\n', '\r\n  ')}\r\n`,
        undefined,
        item,
      );
    if (outcome.status === 'failed') run.failed(item, messages, duration);
    else run.errored(item, messages, duration);
  }

  /** A debugger has one program at a time: the first check is debugged; the run that follows gives its result. */
  async #debug(run: vscode.TestRun, items: readonly vscode.TestItem[], token: vscode.CancellationToken): Promise<void> {
    const [item] = items;
    const check = item === undefined ? null : this.tree.checkOf(item);
    if (item === undefined || check === null) return;
    run.started(item);
    const folder = item.uri === undefined ? undefined : vscode.workspace.getWorkspaceFolder(item.uri);
    const name = `Debug ${item.label}`;
    const ended = new Promise<void>((resolve) => {
      const listener = vscode.debug.onDidTerminateDebugSession((session) => {
        if (session.name !== name) return;
        listener.dispose();
        resolve();
      });
      token.onCancellationRequested(() => {
        listener.dispose();
        resolve();
      });
    });
    if (await vscode.debug.startDebugging(folder, debugConfiguration(name, check), { testRun: run })) await ended;
  }

  #followFiles(): void {
    const watcher = this.register(vscode.workspace.createFileSystemWatcher(SOURCES));
    const changed = new Set<string>();
    let timer: NodeJS.Timeout | null = null;
    this.register({ dispose: () => (timer === null ? undefined : clearTimeout(timer)) });
    const later = (path: string): void => {
      changed.add(path);
      if (timer !== null) clearTimeout(timer);
      timer = setTimeout(() => {
        const paths = [...changed];
        changed.clear();
        void this.#takeChanges(paths).catch((error: unknown) => this.#log.error('Tests after a change', error));
      }, QUIET_MS);
    };
    for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete])
      this.register(event(({ fsPath }) => later(fsPath)));
  }

  async #takeChanges(paths: readonly string[]): Promise<void> {
    if (paths.some((path) => path.endsWith('plantwright.yaml'))) await this.tree.findSites();
    const roots = new Set(paths.flatMap((path) => this.tree.rootOf(path) ?? []));
    for (const root of roots) {
      if (!this.tree.isRead(root)) continue;
      await this.tree.readSite(root);
      this.#siteChanged.fire(root);
    }
  }

  /** An open file of a site should show its icons, whether or not the Test Explorer was ever opened. */
  #followEditors(): void {
    this.register(
      vscode.workspace.onDidOpenTextDocument((document) => {
        void this.#readAround(document);
      }),
    );
  }

  async #readAround({ uri }: vscode.TextDocument): Promise<void> {
    if (uri.scheme !== 'file') return;
    const root = await this.tree.siteAround(uri.fsPath);
    if (root !== null) await this.tree.ensureRead(root);
  }
}

function messageFor(root: string, id: string, message: CheckMessage, item: vscode.TestItem): vscode.TestMessage {
  const text = new vscode.MarkdownString();
  text.appendText(message.text);
  text.isTrusted = { enabledCommands: ['plantwright.openTrace'] };
  const argument = encodeURIComponent(JSON.stringify([{ root, id }]));
  text.appendMarkdown(`\n\n[Open the trace of this run](command:plantwright.openTrace?${argument})`);
  const shown =
    message.expected === null || message.actual === null
      ? new vscode.TestMessage(text)
      : vscode.TestMessage.diff(text, message.expected, message.actual);
  shown.contextValue = 'plantwright.failure';
  const uri = message.file === null ? item.uri : vscode.Uri.file(join(root, message.file));
  if (uri !== undefined)
    shown.location = new vscode.Location(uri, new vscode.Position(message.line - 1, Math.max(0, message.column - 1)));
  return shown;
}

function debugConfiguration(name: string, { root, id, kind }: KnownCheck): vscode.DebugConfiguration {
  const what = kind === 'scenario' ? { scenario: id } : { test: id };
  return { type: DEBUG_TYPE, request: 'launch', name, site: root, ...what };
}
