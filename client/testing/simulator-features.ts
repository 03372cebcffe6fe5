import { basename } from 'node:path';
import * as vscode from 'vscode';
import { memberOf } from '../../core/base/member.js';
import { registerCommand } from '../base/commands.js';
import { Disposable } from '../base/disposable.js';
import type { Log } from '../base/log.js';
import { readSettings } from '../base/settings.js';
import { SourceValues } from '../trace/source-values.js';
import { askForTrace } from '../trace/trace-panel.js';
import { traceSourceOf } from '../trace/trace-source.js';
import { TraceViews } from '../trace/trace-views.js';
import { DEBUG_TYPE } from './debug-type.js';
import { ScenarioLenses } from './scenario-lenses.js';
import { askForSimulation } from './simulation-question.js';
import { SimulatorProcess } from './simulator-process.js';
import type { TraceSource } from './simulator-protocol.js';
import { TestExplorer } from './test-explorer.js';

/** Tests, scenarios, traces and simulations in the editor. Made once, in a trusted workspace. */
export class SimulatorFeatures extends Disposable {
  readonly #context: vscode.ExtensionContext;
  readonly #log: Log;
  readonly #explorer: TestExplorer;
  readonly #traces: TraceViews;
  readonly #values: SourceValues;

  constructor(context: vscode.ExtensionContext, log: Log) {
    super();
    this.#context = context;
    this.#log = log;
    const views = this.register(new SimulatorProcess(context, log));
    this.#explorer = this.register(new TestExplorer(context, log, views));
    this.#values = this.register(new SourceValues());
    this.#traces = this.register(new TraceViews(context.extensionUri, views, this.#values));
    this.register(new ScenarioLenses(this.#explorer));
    this.#registerCommands();
  }

  async start(): Promise<void> {
    await this.#explorer.start();
  }

  #registerCommands(): void {
    const add = (name: string, handler: (argument: unknown) => Promise<unknown>): void => {
      this.register(registerCommand(name, this.#log, handler));
    };
    add('openTrace', (argument) => this.#openTrace(argument));
    add('simulateProgram', (argument) => this.#simulate(argument));
    add('debugProgram', (argument) => this.#debugProgram(argument));
    add('runTest', (argument) => this.#run('run', argument));
    add('debugTest', (argument) => this.#run('debug', argument));
    add('hideSourceValues', async () => this.#values.clear());
  }

  async #openTrace(argument: unknown): Promise<boolean> {
    const source = traceSourceOf(argument) ?? (await this.#sourceOf(argument));
    if (source === null) return false;
    const other = memberOf(argument, 'compareWith');
    await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: 'Recording the trace' }, () =>
      this.#traces.open(source, traceSourceOf(other)),
    );
    return true;
  }

  /** A check that is named, an entry or a message of the Test Explorer, a file of a trace; else one is asked for. */
  async #sourceOf(argument: unknown): Promise<TraceSource | null> {
    const [root, id] = [textOf(argument, 'root'), textOf(argument, 'id')];
    if (root !== null && id !== null) return { kind: 'check', root, id, revision: null };
    const item = memberOf(argument, 'test') ?? argument;
    const check = this.#explorer.checkOf(item);
    if (check !== null) return { kind: 'check', root: check.root, id: check.id, revision: null };
    const uri = uriOf(argument);
    if (uri === null) return askForTrace();
    if (/\.(json|csv)$/i.test(uri.path)) return { kind: 'file', path: uri.fsPath };
    const found = await this.#explorer.itemAt(uri, textOf(argument, 'name'));
    const known = found === null ? null : this.#explorer.checkOf(found);
    if (known === null) throw new Error(`${basename(uri.fsPath)} holds no test and no scenario of a site.`);
    return { kind: 'check', root: known.root, id: known.id, revision: null };
  }

  async #simulate(argument: unknown): Promise<boolean> {
    const uri = uriOf(argument);
    const program = textOf(argument, 'program');
    if (uri === null || program === null) throw new Error('Open a file with a PROGRAM and choose "Simulate" above it.');
    await vscode.workspace.saveAll(false);
    const root = await this.#explorer.rootOf(uri);
    const given = memberOf(argument, 'durationNs');
    const answer =
      typeof given === 'number'
        ? { durationNs: given, inputs: textsOf(memberOf(argument, 'inputs')) }
        : await askForSimulation(program, this.#context.workspaceState);
    if (answer === null) return false;
    const { dialect } = readSettings(uri);
    return this.#openTrace({ kind: 'program', root, file: uri.fsPath, dialect, program, ...answer });
  }

  async #debugProgram(argument: unknown): Promise<boolean> {
    const uri = uriOf(argument);
    const program = textOf(argument, 'program');
    if (uri === null || program === null) throw new Error('Open a file with a PROGRAM and choose "Debug" above it.');
    await vscode.workspace.saveAll(false);
    const site = await this.#explorer.rootOf(uri);
    const place = site === null ? { file: uri.fsPath, dialect: readSettings(uri).dialect } : { site };
    const name = `Debug ${program}`;
    const launch = { type: DEBUG_TYPE, request: 'launch', name, program, stopOnEntry: true, ...place };
    return vscode.debug.startDebugging(vscode.workspace.getWorkspaceFolder(uri), launch);
  }

  async #run(kind: 'run' | 'debug', argument: unknown): Promise<boolean> {
    const uri = uriOf(argument);
    if (uri === null) throw new Error('Open a test or a scenario, or use the Test Explorer.');
    if (kind === 'debug' && !this.#explorer.canDebug)
      throw new Error('This version has no debugger for the simulator.');
    await vscode.workspace.saveAll(false);
    if (await this.#explorer.runOne(kind, uri, textOf(argument, 'name'))) return true;
    throw new Error(
      `${basename(uri.fsPath)} is no test or scenario of a site. Name it under \`checks:\` of a plantwright.yaml in this folder or above.`,
    );
  }
}

/** A URI as a command gets it: from VS Code, or from the language server as text. */
function uriOf(argument: unknown): vscode.Uri | null {
  if (argument instanceof vscode.Uri) return argument;
  const member = memberOf(argument, 'uri');
  if (member instanceof vscode.Uri) return member;
  if (typeof member === 'string') return vscode.Uri.parse(member, true);
  return argument === undefined ? (vscode.window.activeTextEditor?.document.uri ?? null) : null;
}

function textOf(value: unknown, key: string): string | null {
  const member = memberOf(value, key);
  return typeof member === 'string' ? member : null;
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
