/** The debug adapter: the protocol on one side, a run of the simulator on the other. */

import { Event as ProtocolEvent, Response } from '@vscode/debugadapter/lib/messages.js';
import { ProtocolServer } from '@vscode/debugadapter/lib/protocol.js';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Finding } from '../../core/base/finding.js';
import type { Progress, RunControl, Stop } from '../../core/simulation/debug/debug-engine.js';
import { DebugRun } from '../../core/simulation/debug/debug-run.js';
import { STATE_EVENT } from '../../core/simulation/debug/run-state.js';
import { breakpointHandlers } from './breakpoint-handlers.js';
import { CAPABILITIES } from './capabilities.js';
import { changingHandlers, stateOf } from './changing-handlers.js';
import { readLaunchArguments } from './launch-arguments.js';
import { type LineNumbers, lineNumbers } from './line-numbers.js';
import { lookingHandlers } from './looking-handlers.js';
import { movingHandlers } from './moving-handlers.js';
import { LaunchError, openExercise } from './open-exercise.js';
import { type Movement, moveRun, type PauseSwitch } from './run-mover.js';
import {
  type Answer,
  type Handlers,
  type MovingRequest,
  Refusal,
  type Running,
  type SessionContext,
} from './session-context.js';
import { SourcePaths } from './source-paths.js';
import { THREAD } from './stack-view.js';
import { type StopWords, wordsFor } from './stop-words.js';
import { VariableView } from './variable-view.js';

export class SimulatorSession extends ProtocolServer implements SessionContext {
  readonly #pause: PauseSwitch;
  readonly #handlers: Handlers;
  #lines: LineNumbers = lineNumbers(1, 1);
  #running: Running | null = null;
  #movement: Movement | null = null;
  #stop: Stop | null = null;
  /** True while it stands at the end of the run, where `stopAtEnd` asked it to. */
  #isAtEnd = false;

  constructor(pause: PauseSwitch) {
    super();
    this.#pause = pause;
    this.#handlers = {
      ...this.#lifeHandlers(),
      ...movingHandlers(this, pause),
      ...breakpointHandlers(this),
      ...lookingHandlers(this),
      ...changingHandlers(this),
    };
  }

  // ------------------------------------------------------------------------------------------ requests

  protected override dispatchRequest(request: DebugProtocol.Request): void {
    const handler = this.#handlers[request.command];
    if (handler === undefined) {
      this.#refuse(request, `The debugger has no request "${request.command}".`);
      return;
    }
    // The schema of each request is the client's to keep; handlers check what they must rely on.
    Promise.resolve()
      .then(() => handler((request.arguments ?? {}) as never))
      .then(
        (answer) => this.#answer(request, answer),
        (error: unknown) => this.#refuse(request, textOfError(error)),
      );
  }

  #answer(request: DebugProtocol.Request, { body, afterwards }: Answer): void {
    const response: DebugProtocol.Response = new Response(request);
    if (body !== undefined) response.body = body;
    this.sendResponse(response);
    afterwards?.();
  }

  #refuse(request: DebugProtocol.Request, text: string): void {
    const response: DebugProtocol.ErrorResponse = {
      ...new Response(request, text),
      success: false,
      // Only what a person has asked for is worth a message of its own.
      body: { error: { id: 1, format: text, showUser: request.command === 'launch' } },
    };
    this.sendResponse(response);
  }

  #lifeHandlers(): Handlers {
    return {
      initialize: ({ linesStartAt1, columnsStartAt1 }: DebugProtocol.InitializeRequestArguments) => {
        this.#lines = lineNumbers(linesStartAt1 === false ? 0 : 1, columnsStartAt1 === false ? 0 : 1);
        return { body: CAPABILITIES };
      },
      launch: (args: DebugProtocol.LaunchRequestArguments) => this.#launch(args),
      configurationDone: () => ({ afterwards: () => this.#start() }),
      restart: () => {
        const { run } = this.running();
        this.#movement?.abandon();
        this.#movement = null;
        this.#pause.clear();
        run.restart();
        return {
          afterwards: () => {
            this.#tellEvent('continued', { threadId: THREAD, allThreadsContinued: true });
            this.#start();
          },
        };
      },
      terminate: () => {
        this.#end();
        return { afterwards: () => this.#tellEvent('terminated') };
      },
      disconnect: () => {
        this.#end();
        return {};
      },
    };
  }

  // ------------------------------------------------------------------------------------------ start and end

  async #launch(args: DebugProtocol.LaunchRequestArguments): Promise<Answer> {
    const read = readLaunchArguments(args);
    if ('problem' in read) throw new Refusal(read.problem);
    const { exercise, probe, root } = await openExercise(read.launch);
    const paths = new SourcePaths(root, probe.table.files());
    const run = new DebugRun(exercise, probe, (text, site) => {
      const statement = probe.table.statement(site);
      this.#output(text, 'console', statement && { source: paths.source(statement.file.path), line: statement.line });
    });
    if (read.launch.noDebug === true) run.exceptions = { faults: false, assertions: false };
    run.restart();
    this.#running = { run, paths, view: new VariableView(run), launch: read.launch };
    // Breakpoints are asked for from here on: now it is known where they can be.
    return { afterwards: () => this.#tellEvent('initialized') };
  }

  #start(): void {
    const { run, launch } = this.running();
    this.#isAtEnd = false;
    this.#moveTo((control) => run.forward(launch.stopOnEntry === true ? 'in' : 'continue', control), 'entry');
  }

  #end(): void {
    this.#movement?.abandon();
    this.#movement = null;
    this.#running = null;
  }

  // ------------------------------------------------------------------------------------------ moving

  get lines(): LineNumbers {
    return this.#lines;
  }

  get standsAt(): Stop | null {
    return this.#stop;
  }

  get isMoving(): boolean {
    return this.#movement !== null;
  }

  running(): Running {
    if (this.#running === null) throw new Refusal('The program has not started.');
    return this.#running;
  }

  standing(): Running {
    if (this.#movement !== null) throw new Refusal('The program runs: pause it first.');
    return this.running();
  }

  move(begin: (control: RunControl) => Progress, request: MovingRequest): void {
    if (request === 'own') this.#tellEvent('continued', { threadId: THREAD, allThreadsContinued: true });
    this.#moveTo(begin, 'step');
  }

  /** `step`: how a stop for no reason of its own is called. */
  #moveTo(begin: (control: RunControl) => Progress, step: 'entry' | 'step'): void {
    const running = this.standing();
    this.#stop = null;
    running.view.reset();
    this.#movement = moveRun(
      running.run,
      begin,
      { pause: this.#pause, speed: running.launch.speed ?? 'fast', tick: () => this.#sendState() },
      (progress) => {
        this.#movement = null;
        this.#pause.clear();
        if (progress.kind === 'over') this.#over(running, progress.outcome);
        else this.#arrive(running, progress.stop, step);
      },
    );
  }

  #arrive(running: Running, stop: Stop, step: 'entry' | 'step'): void {
    this.#isAtEnd = false;
    if (stop.reason.kind === 'exception') this.#tell(running, stop.reason.finding);
    this.#stand(stop, wordsFor(stop, step));
  }

  #over(running: Running, { findings, end }: Extract<Progress, { kind: 'over' }>['outcome']): void {
    for (const finding of findings) this.#tell(running, finding);
    if (running.launch.stopAtEnd === true && !this.#isAtEnd) {
      this.#isAtEnd = true;
      const stop: Stop = { position: running.run.engine.position, reason: { kind: 'pause' }, frames: [] };
      this.#stand(stop, { reason: 'pause', description: end ?? 'The run is over' });
      return;
    }
    if (end !== null) this.#output(end, 'console', null);
    this.#tellEvent('exited', { exitCode: findings.length === 0 ? 0 : 1 });
    this.#tellEvent('terminated');
  }

  #stand(stop: Stop, { reason, description, text }: StopWords): void {
    this.#stop = stop;
    const ids = stop.reason.kind === 'breakpoint' ? { hitBreakpointIds: [...stop.reason.ids] } : {};
    const said = { reason, description, ...(text === undefined ? {} : { text }) };
    this.#tellEvent('stopped', { ...said, ...ids, threadId: THREAD, allThreadsStopped: true });
    this.#sendState();
  }

  changed(): void {
    this.#sendState();
    this.#tellEvent('invalidated', { areas: ['variables'], threadId: THREAD });
  }

  #sendState(): void {
    if (this.#running !== null) this.#tellEvent(STATE_EVENT, stateOf(this));
  }

  #tell({ paths }: Running, { file, line, message }: Finding): void {
    const isOwn = file === '' || file.startsWith('<');
    this.#output(message, 'stderr', isOwn ? null : { source: paths.source(file), line });
  }

  #output(
    text: string,
    category: 'console' | 'stderr',
    place: { readonly source: DebugProtocol.Source; readonly line: number } | null,
  ): void {
    const at = place === null ? {} : { source: place.source, line: this.#lines.toClient(place.line) };
    this.#tellEvent('output', { category, output: `${text}\n`, ...at });
  }

  #tellEvent(name: string, body?: object): void {
    this.sendEvent(new ProtocolEvent(name, body));
  }
}

function textOfError(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  // What is for people is a refusal; anything else is a mistake of ours, and its text helps to find it.
  if (error instanceof Refusal || error instanceof LaunchError) return text;
  return `The debugger failed: ${text}`;
}
