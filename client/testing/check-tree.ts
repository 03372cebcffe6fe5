import { stat } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import * as vscode from 'vscode';
import { Disposable } from '../base/disposable.js';
import { editorRange } from '../base/editor-range.js';
import type { Log } from '../base/log.js';
import type { SimulatorProcess } from './simulator-process.js';
import type { CheckKind, CheckOutcome, FoundFile, FoundSite } from './simulator-protocol.js';

/** A test, or a scenario, as the tree knows it. */
export interface KnownCheck {
  readonly root: string;
  readonly id: string;
  readonly kind: CheckKind;
}

const MANIFEST_FILE = 'plantwright.yaml';
const MANIFEST = `**/${MANIFEST_FILE}`;
const NOT_HERE = '**/{node_modules,.plantwright,.git}/**';

/**
 * The entries of the Test Explorer: sites, files, tests. Sites are found by their manifest; what is in them is read
 * when somebody looks, in the process of the simulator.
 */
export class CheckTree extends Disposable {
  readonly #controller: vscode.TestController;
  readonly #simulator: SimulatorProcess;
  readonly #log: Log;
  readonly #checks = new WeakMap<vscode.TestItem, KnownCheck>();
  readonly #reading = new Map<string, Promise<void>>();
  readonly #read = new Set<string>();
  readonly #changed = this.register(new vscode.EventEmitter<void>());
  /** Entries came, went or moved. */
  readonly onDidChange = this.#changed.event;

  constructor(controller: vscode.TestController, simulator: SimulatorProcess, log: Log) {
    super();
    this.#controller = controller;
    this.#simulator = simulator;
    this.#log = log;
  }

  /** Looks for manifests; sites that are gone leave the tree. */
  async findSites(): Promise<void> {
    const manifests = await vscode.workspace.findFiles(MANIFEST, NOT_HERE);
    const found = new Set(manifests.map(({ fsPath }) => dirname(fsPath)));
    // The search leaves out what settings exclude; a site that was reached through one of its files stays.
    for (const root of this.roots) if (await isFile(join(root, MANIFEST_FILE))) found.add(root);
    const sites = [...found].sort().map((root) => this.#controller.items.get(root) ?? this.#siteItem(root));
    this.#controller.items.replace(sites);
  }

  /** The root of the innermost site around a file, without a search of the workspace. Null outside of every site. */
  async siteAround(path: string): Promise<string | null> {
    const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(path))?.uri.fsPath;
    if (folder === undefined) return null;
    for (let root = dirname(path); root.length >= folder.length; root = dirname(root)) {
      if (this.#controller.items.get(root) === undefined) {
        if (!(await isFile(join(root, MANIFEST_FILE)))) continue;
        // A search may have found it meanwhile.
        if (this.#controller.items.get(root) === undefined) this.#controller.items.add(this.#siteItem(root));
      }
      return root;
    }
    return null;
  }

  #siteItem(root: string): vscode.TestItem {
    const item = this.#controller.createTestItem(root, basename(root), vscode.Uri.file(join(root, MANIFEST_FILE)));
    item.canResolveChildren = true;
    return item;
  }

  get roots(): string[] {
    return [...this.#controller.items].map(([id]) => id);
  }

  /** The innermost site around a path; null outside of every site. */
  rootOf(path: string): string | null {
    const around = this.roots.filter((root) => path.startsWith(root + sep));
    return around.sort((a, b) => b.length - a.length)[0] ?? null;
  }

  /** Whether the checks of a site have been read at least once. */
  isRead(root: string): boolean {
    return this.#read.has(root);
  }

  /** Reads what a site has to run, with every change up to this call. */
  async readSite(root: string): Promise<void> {
    const before = this.#reading.get(root) ?? Promise.resolve();
    const reading = before.then(() => this.#readNow(root));
    this.#reading.set(root, reading);
    await reading;
    if (this.#reading.get(root) === reading) this.#reading.delete(root);
  }

  /** Reads a site that was never read; a second call meanwhile waits for the first. */
  async ensureRead(root: string): Promise<void> {
    if (this.#read.has(root)) return;
    await (this.#reading.get(root) ?? this.readSite(root));
  }

  async readAll(): Promise<void> {
    await this.findSites();
    for (const root of this.roots) await this.readSite(root);
  }

  async #readNow(root: string): Promise<void> {
    const item = this.#controller.items.get(root);
    if (item === undefined) return;
    item.busy = true;
    try {
      this.#show(item, await this.#simulator.ask('discover', { root }));
      this.#read.add(root);
    } catch (error) {
      if (error instanceof vscode.CancellationError) return;
      this.#log.error(`Tests of ${root}`, error);
      item.error = error instanceof Error ? error.message : String(error);
    } finally {
      item.busy = false;
      this.#changed.fire();
    }
  }

  #show(site: vscode.TestItem, { name, files }: FoundSite): void {
    site.error = undefined;
    if (name !== '') site.label = name;
    site.children.replace(files.flatMap((file) => this.#fileItems(site.id, file)));
  }

  /** A scenario is a file of its own; tests stand below theirs. */
  #fileItems(root: string, found: FoundFile): vscode.TestItem[] {
    const uri = vscode.Uri.file(join(root, found.file));
    const checks = found.checks.map(({ id, kind, name, range }) => {
      const item = this.#controller.createTestItem(`${root}|${id}`, name, uri);
      item.range = editorRange(range);
      if (kind === 'scenario') item.description = found.file;
      this.#checks.set(item, { root, id, kind });
      return item;
    });
    if (found.checks.some(({ kind }) => kind === 'scenario')) {
      for (const item of checks) item.error = found.problem ?? undefined;
      return checks;
    }
    const file = this.#controller.createTestItem(`${root}|${found.file}`, basename(found.file), uri);
    file.description = dirname(found.file);
    file.error = found.problem ?? undefined;
    file.children.replace(checks);
    return [file];
  }

  checkOf(item: vscode.TestItem): KnownCheck | null {
    return this.#checks.get(item) ?? null;
  }

  /** The entry of a check, or null. */
  find(root: string, id: string): vscode.TestItem | null {
    const site = this.#controller.items.get(root);
    return site === undefined ? null : (below(site).find((each) => this.#checks.get(each)?.id === id) ?? null);
  }

  /** The entry of an outcome; a test that a suite named only while it ran gets one below its suite. */
  itemOf(root: string, { id, name }: CheckOutcome): vscode.TestItem | null {
    const known = this.find(root, id);
    if (known !== null) return known;
    const suite = this.find(root, id.slice(0, id.length - name.length) + (name.split('.')[0] ?? ''));
    if (suite === null) return null;
    const item = this.#controller.createTestItem(`${root}|${id}`, name, suite.uri);
    item.range = suite.range;
    this.#checks.set(item, { root, id, kind: 'suite-test' });
    suite.children.add(item);
    return item;
  }

  /** Every check at or below an entry. */
  checksBelow(item: vscode.TestItem): vscode.TestItem[] {
    return below(item).filter((each) => this.#checks.has(each));
  }

  /** Checks of a document, in order of their places. */
  checksIn(uri: vscode.Uri): vscode.TestItem[] {
    const root = this.rootOf(uri.fsPath);
    const site = root === null ? undefined : this.#controller.items.get(root);
    if (site === undefined) return [];
    return this.checksBelow(site).filter((each) => each.uri?.toString() === uri.toString());
  }
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isFile() ?? false;
}

function below(item: vscode.TestItem): vscode.TestItem[] {
  return [item, ...[...item.children].flatMap(([, child]) => below(child))];
}
