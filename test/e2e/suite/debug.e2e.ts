import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { type E2eTest, eventually } from './registry.js';
import { appWindow } from './window.js';
import { siteFile } from './workspace.js';

const CONVEYOR = 'plant-03-conveyor';
const MAIN = 'src/conveyor_main.st';
const BREAKPOINT = 'SafetyReleased := Chain.Released';

const CALL_STACK = '.debug-call-stack .monaco-list-row';
const VARIABLES = '.debug-variables .monaco-list-row';
const WATCHES = '.debug-watch .monaco-list-row';
const SCAN = '.statusbar-item[id="plantwright.plantwright.plantwright.debug"]';

/** A session with the debugger, by keyboard and mouse: each step builds on the last. */
export const debugTests: readonly E2eTest[] = [
  {
    name: 'debugger: F5 on a program stops before its first statement',
    run: async () => {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await vscode.commands.executeCommand('workbench.action.closeAuxiliaryBar');
      await openMain();
      await goToLine(await lineOf(BREAKPOINT));
      await appWindow.press('F9');
      await eventually('the breakpoint is set', () => (vscode.debug.breakpoints.length === 1 ? true : null));
      await appWindow.press('F5');
      await appWindow.waitFor('.debug-toolbar');
      await stopsAt('the first statement', async (line) => line !== null);
      await vscode.commands.executeCommand('workbench.view.debug');
      await appWindow.waitFor(CALL_STACK);
    },
  },
  {
    name: 'debugger: it stops at the breakpoint and shows the variables',
    run: async () => {
      const line = await lineOf(BREAKPOINT);
      await step('F5');
      await stopsAt('the breakpoint', async (each) => each === line);
      await eventually('the stack names the program and its task', async () => {
        const rows = (await appWindow.texts(CALL_STACK)).join('\n');
        return rows.includes('ConveyorMain') && /scan \d+, T#/.test(rows) ? rows : null;
      });
      await eventually('the variables', async () => {
        const rows = (await appWindow.texts(VARIABLES)).map((row) => row.replace(/\s+/g, ' '));
        return rows.some((row) => /CoverTripped.*(TRUE|FALSE)/.test(row)) ? rows : null;
      });
    },
  },
  {
    name: 'debugger: it steps over a statement and into a block',
    run: async () => {
      const next = await lineOf('IF NOT LineStart THEN');
      assert.equal((await step('F10')).line, next);
      const call = await lineOf('Section3(');
      while ((await stackItem())?.line !== call) await step('F10');
      const inside = await step('F11');
      assert.match(inside.file, /section\.st$/);
      await eventually('the stack shows the instance', async () =>
        (await appWindow.texts(CALL_STACK)).join('\n').includes('ConveyorSection (ConveyorMain.Section3)')
          ? true
          : null,
      );
      for (let count = 0; count < 5; count++) await step('F10');
      await vscode.commands.executeCommand('workbench.action.closePanel');
      await eventually('values at the ends of the lines', async () =>
        (await appWindow.texts('.view-line')).some((line) => /Photocell\s*=\s*(TRUE|FALSE)/.test(line)) ? true : null,
      );
      await appWindow.screenshot('debugger-in-a-block');
      assert.match((await step('Shift+F11')).file, /conveyor_main\.st$/);
    },
  },
  {
    name: 'debugger: a watched expression, the next scan, a forced input and the way back in time',
    run: async () => {
      await watch('Chain.Released AND EStop1_OK');
      await watchShows('Chain.Released AND EStop1_OK', 'FALSE');
      // A breakpoint would stop on the way to the next scan.
      vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
      const scan = await scanNumber();
      await appWindow.click('.debug-toolbar a[aria-label^="Next Scan"]');
      await eventually('the next scan', async () => ((await scanNumber()) === scan + 1 ? true : null));
      await force('EStop1_OK', 'TRUE');
      await eventually('the force is shown', async () =>
        (await appWindow.texts(SCAN)).join().includes('1 forced') ? true : null,
      );
      await appWindow.click('.debug-toolbar a[aria-label^="Next Scan"]');
      await eventually('one scan more', async () => ((await scanNumber()) === scan + 2 ? true : null));
      assert.equal(await evaluated('EStop1_OK'), 'TRUE (forced)');
      await appWindow.screenshot('debugger');
      const here = await stackItem();
      await appWindow.click('.debug-toolbar a[aria-label^="Step Back"]');
      await moved(here);
      assert.equal(await scanNumber(), scan + 1);
      await appWindow.click('.debug-toolbar a[aria-label^="Previous Scan"]');
      await eventually('the scan before', async () => ((await scanNumber()) === scan ? true : null));
      assert.equal(await evaluated('EStop1_OK'), 'FALSE');
    },
  },
  {
    name: 'debugger: a test of the Test Explorer is debugged from its lens',
    run: async () => {
      await appWindow.press('Shift+F5');
      await eventually('no session', () => (vscode.debug.activeDebugSession === undefined ? true : null));
      const uri = siteFile(CONVEYOR, 'tests/starter_test.st');
      const document = await vscode.workspace.openTextDocument(uri);
      await vscode.window.showTextDocument(document, { preview: false });
      const name = /^TEST '([^']+)'/m.exec(document.getText())?.[1] ?? '';
      const { line } = document.positionAt(document.getText().indexOf('ASSERT_TRUE(starter.Run)'));
      vscode.debug.addBreakpoints([
        new vscode.SourceBreakpoint(new vscode.Location(uri, new vscode.Position(line, 0))),
      ]);
      void vscode.commands.executeCommand('plantwright.debugTest', { uri, name });
      await stopsAt('the breakpoint in the test', async (each) => each === line + 1);
      assert.match((await stackItem())?.file ?? '', /starter_test\.st$/);
    },
  },
  {
    name: 'debugger: it ends with the session',
    run: async () => {
      await appWindow.press('Shift+F5');
      await eventually('no session', () => (vscode.debug.activeDebugSession === undefined ? true : null));
      vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await vscode.commands.executeCommand('plantwright.fleet.focus');
    },
  },
];

async function openMain(): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(siteFile(CONVEYOR, MAIN));
  await vscode.window.showTextDocument(document, { preview: false });
  await vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
  return document;
}

/** The line, from 1, that holds a text. */
async function lineOf(text: string): Promise<number> {
  const document = await vscode.workspace.openTextDocument(siteFile(CONVEYOR, MAIN));
  const at = document.getText().indexOf(text);
  assert.ok(at >= 0, `${text} is in ${MAIN}`);
  return document.positionAt(at).line + 1;
}

async function goToLine(line: number): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
  await appWindow.press('Control+G');
  await appWindow.waitFor('.quick-input-widget .quick-input-box input');
  await appWindow.type(String(line));
  await appWindow.press('Enter');
}

interface StackItem {
  readonly file: string;
  readonly line: number;
  readonly frameId: number;
}

/** Where the program stands; null while it runs. */
async function stackItem(): Promise<StackItem | null> {
  const item = vscode.debug.activeStackItem;
  if (!(item instanceof vscode.DebugStackFrame)) return null;
  const answer: unknown = await vscode.debug.activeDebugSession
    ?.customRequest('stackTrace', { threadId: item.threadId })
    .then(undefined, () => null);
  const [frame] = framesOf(answer);
  return frame === undefined ? null : { file: frame.source?.path ?? '', line: frame.line, frameId: frame.id };
}

interface AnsweredFrame {
  readonly id: number;
  readonly line: number;
  readonly source?: { readonly path?: string };
}

function framesOf(answer: unknown): readonly AnsweredFrame[] {
  const { stackFrames } = (answer ?? {}) as { readonly stackFrames?: readonly AnsweredFrame[] };
  return stackFrames ?? [];
}

async function stopsAt(what: string, fits: (line: number | null) => Promise<boolean>): Promise<void> {
  await eventually(what, async () => {
    const item = await stackItem();
    return (await fits(item?.line ?? null)) ? true : null;
  });
}

/** Waits until the program stands somewhere else. */
async function moved(from: StackItem | null, limit?: number): Promise<StackItem> {
  return eventually(
    'the program has moved',
    async () => {
      const item = await stackItem();
      return item !== null && (item.line !== from?.line || item.file !== from.file) ? item : null;
    },
    limit,
  );
}

/** Presses a key that moves the program. The window hears it only once it knows that the program stands. */
async function step(key: string): Promise<StackItem> {
  const from = await stackItem();
  for (let attempt = 0; attempt < 5; attempt++) {
    await appWindow.press(key);
    const item = await moved(from, 4000).catch(() => null);
    if (item !== null) return item;
  }
  throw new Error(`${key} did not move the program`);
}

/** Adds an expression to the watch view. The editor takes the focus when it shows where the program stands. */
async function watch(expression: string): Promise<void> {
  await eventually('the editor shows the program', () =>
    vscode.window.activeTextEditor?.document.uri.path.endsWith(MAIN) === true ? true : null,
  );
  await appWindow.waitFor('.debug-top-stack-frame-line');
  await vscode.commands.executeCommand('workbench.debug.action.focusWatchView');
  await vscode.commands.executeCommand('workbench.debug.viewlet.action.addWatchExpression');
  await appWindow.waitFor('.debug-watch .monaco-inputbox.synthetic-focus input');
  await appWindow.type(expression);
  await appWindow.press('Enter');
}

async function watchShows(expression: string, value: string): Promise<void> {
  await eventually(`${expression} is ${value}`, async () => {
    const rows = (await appWindow.texts(WATCHES)).map((row) => row.replace(/\s+/g, ' '));
    return rows.some((row) => row.includes(expression) && row.includes(value)) ? true : null;
  });
}

/** The scan that the status bar shows. */
async function scanNumber(): Promise<number> {
  const match = /scan (\d+)/.exec((await appWindow.texts(SCAN)).join());
  return match === null ? -1 : Number(match[1]);
}

async function force(variable: string, value: string): Promise<void> {
  const done = vscode.commands.executeCommand('plantwright.debugForce', {
    variable: { evaluateName: variable, value: 'FALSE' },
  });
  await appWindow.waitFor('.quick-input-widget .quick-input-box input');
  await appWindow.press('Control+A');
  await appWindow.type(value);
  await appWindow.press('Enter');
  await done;
}

async function evaluated(expression: string): Promise<string> {
  const item = await stackItem();
  const answer: unknown = await vscode.debug.activeDebugSession?.customRequest('evaluate', {
    expression,
    context: 'watch',
    ...(item === null ? {} : { frameId: item.frameId }),
  });
  return String((answer as { readonly result?: unknown }).result);
}
