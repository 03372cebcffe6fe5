import * as vscode from 'vscode';
import { memberOf } from '../../core/base/member.js';
import { registerCommand } from '../base/commands.js';
import { Disposable } from '../base/disposable.js';
import type { Log } from '../base/log.js';
import { DEBUG_TYPE } from '../testing/debug-type.js';
import type { RunStatusItem } from './run-status-item.js';

/** What the debugger of the simulator can do beside every other debugger: scans, forces, power cycles. */
export class DebugCommands extends Disposable {
  readonly #status: RunStatusItem;

  constructor(log: Log, status: RunStatusItem) {
    super();
    this.#status = status;
    const add = (name: string, handler: (argument: unknown) => Promise<unknown>): void =>
      void this.register(registerCommand(name, log, handler));
    add('debugNextScan', () => ask('plantwright.nextScan'));
    add('debugPreviousScan', () => ask('plantwright.previousScan'));
    add('debugGoToScan', (argument) => this.#goToScan(argument));
    add('debugForce', (argument) => this.#force(argument));
    add('debugRelease', (argument) => this.#release(argument));
    add('debugReleaseAll', () => ask('plantwright.releaseAll'));
    add('debugPowerCycle', powerCycle);
  }

  async #goToScan(argument: unknown): Promise<void> {
    const { state } = this.#status;
    if (state?.scan == null) throw new Error('There is no scan to go to: a test runs as one piece.');
    const text =
      typeof argument === 'number'
        ? String(argument)
        : await vscode.window.showInputBox({
            title: 'Go to Scan',
            prompt: `The program stands in scan ${state.scan}. Scans count from 0; earlier and later ones can be reached.`,
            value: String(state.scan),
            validateInput: (value) => (/^\d+$/.test(value.trim()) ? null : 'A whole number from 0'),
          });
    if (text !== undefined) await ask('plantwright.goToScan', { scan: Number(text) });
  }

  async #force(argument: unknown): Promise<void> {
    const variable = variableOf(argument) ?? (await askForVariable('Which variable is forced?'));
    if (variable === null) return;
    const value = await vscode.window.showInputBox({
      title: `Force ${variable.expression}`,
      prompt: 'The variable keeps this value, whatever the program writes, until it is released.',
      value: variable.value.replace(/ \(forced\)$/, ''),
    });
    if (value === undefined) return;
    await ask('plantwright.force', { expression: variable.expression, value, ...frame() });
  }

  async #release(argument: unknown): Promise<void> {
    const named = variableOf(argument);
    if (named !== null) {
      await ask('plantwright.release', { expression: named.expression, ...frame() });
      return;
    }
    const forces = this.#status.state?.forces ?? [];
    if (forces.length === 0) throw new Error('Nothing is forced.');
    const choice = await vscode.window.showQuickPick(
      forces.map(({ name, value }) => ({ label: name, description: value })),
      { title: 'Release Forced Value', placeHolder: 'Which variable is released?' },
    );
    if (choice !== undefined) await ask('plantwright.release', { expression: choice.label });
  }
}

interface NamedVariable {
  readonly expression: string;
  readonly value: string;
}

/** The entry of the variables or watch view on which a menu was opened. */
function variableOf(argument: unknown): NamedVariable | null {
  const variable = memberOf(argument, 'variable') ?? argument;
  const expression =
    memberOf(variable, 'evaluateName') ?? memberOf(variable, 'expression') ?? memberOf(variable, 'name');
  const value = memberOf(variable, 'value');
  if (typeof expression !== 'string' || expression === '') return null;
  return { expression, value: typeof value === 'string' ? value : '' };
}

async function askForVariable(placeHolder: string): Promise<NamedVariable | null> {
  const editor = vscode.window.activeTextEditor;
  const range = editor?.document.getWordRangeAtPosition(editor.selection.active, /[\w.[\]]+/);
  const expression = await vscode.window.showInputBox({
    title: 'Force Value',
    placeHolder,
    prompt: 'A variable as ST names it here, such as Main.motor.start',
    value: range === undefined ? '' : (editor?.document.getText(range) ?? ''),
  });
  return expression === undefined || expression.trim() === '' ? null : { expression: expression.trim(), value: '' };
}

async function powerCycle(argument: unknown): Promise<void> {
  const kind =
    argument === 'cold' || argument === 'warm'
      ? argument
      : (
          await vscode.window.showQuickPick(
            [
              { label: 'Cold', kindOfStart: 'cold', description: 'every variable starts with its initial value' },
              { label: 'Warm', kindOfStart: 'warm', description: 'retained variables keep their values' },
            ],
            { title: 'Power Cycle', placeHolder: 'How does the controller start again?' },
          )
        )?.kindOfStart;
  if (kind !== undefined) await ask('plantwright.powerCycle', { kind });
}

/** The frame that is chosen in the call stack, in whose terms expressions are meant. */
function frame(): { readonly frameId?: number } {
  const item = vscode.debug.activeStackItem;
  return item instanceof vscode.DebugStackFrame ? { frameId: item.frameId } : {};
}

async function ask(request: string, args: object = {}): Promise<unknown> {
  const session = vscode.debug.activeDebugSession;
  if (session?.type !== DEBUG_TYPE) throw new Error('No program is debugged in the simulator.');
  return session.customRequest(request, args);
}
