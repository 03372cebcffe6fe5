import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { type E2eTest, eventually } from './registry.js';
import { inEveryTheme } from './themes.js';
import { appWindow } from './window.js';
import { siteFile } from './workspace.js';

const CONVEYOR = 'plant-03-conveyor';
const SCENARIO = 'scenarios/cover_opens.yaml';

export const traceTests: readonly E2eTest[] = [
  {
    name: 'simulator: the trace of a scenario opens from its lens',
    run: async () => {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await vscode.commands.executeCommand('workbench.action.closePanel');
      await vscode.commands.executeCommand('workbench.action.closeSidebar');
      await vscode.window.showTextDocument(siteFile(CONVEYOR, SCENARIO));
      await appWindow.waitFor('.codelens-decoration a:has-text("Trace")');
      await appWindow.click('.codelens-decoration a:has-text("Trace")');
      const [title] = await inWebview('h1');
      assert.equal(title, 'drive cover opens while the line runs');
      const names = await inWebview('.lane .name .text');
      assert.ok(names.includes('Motor1_Run'), names.join(', '));
    },
  },
  {
    name: 'simulator: cursors, zoom and tags of the trace work by keyboard',
    run: async () => {
      await appWindow.pressInWebview('.diagram', 'Home');
      await waitForReadout(/^A 0 ms \(scan 0\)/);
      await appWindow.pressInWebview('.diagram', 'm');
      await waitForReadout(/^A 100 ms/);
      await appWindow.pressInWebview('.diagram', 'b');
      await appWindow.pressInWebview('.diagram', 'Shift+ArrowRight');
      await waitForReadout(/B − A -100 ms \(-10 scans\)/);
      await appWindow.pressInWebview('.diagram', 'Escape');
      await appWindow.pressInWebview('.diagram', '+');
      await appWindow.pressInWebview('.diagram', '+');
      await appWindow.pressInWebview('.diagram', 'Control+ArrowRight');
      await waitForReadout(/Motor1_Run = TRUE/);
      await appWindow.pressInWebview('.diagram', '0');
      await appWindow.pressInWebview('.diagram', 'ArrowDown');
      await appWindow.pressInWebview('.diagram', 'p');
      const [first] = await inWebview('.lane .pin[aria-pressed="true"]');
      assert.equal(first, '★');
      await appWindow.pressInWebview('.diagram', 'p');
    },
  },
  {
    name: 'simulator: tags of the trace are filtered',
    run: async () => {
      await appWindow.clickInWebview('.filter');
      await appWindow.type('motor run');
      await eventually('the filtered tags', async () => {
        const names = await appWindow.frameTexts('.lane .name .text');
        return names.length > 0 && names.every((name) => /motor/i.test(name) && /run/i.test(name)) ? true : null;
      });
      await appWindow.pressInWebview('.filter', 'Control+A');
      await appWindow.pressInWebview('.filter', 'Delete');
    },
  },
  {
    name: 'simulator: a trace that was hidden comes back as it was',
    run: async () => {
      await appWindow.pressInWebview('.diagram', 'Home');
      await appWindow.pressInWebview('.diagram', 'm');
      await waitForReadout(/^A 100 ms/);
      // The window keeps its state a moment after the last key.
      await new Promise((resolve) => setTimeout(resolve, 500));
      await vscode.window.showTextDocument(siteFile(CONVEYOR, 'plantwright.yaml'));
      await eventually('the trace is gone', async () =>
        (await appWindow.frameTexts('.readout')).length === 0 ? true : null,
      );
      await vscode.commands.executeCommand('workbench.action.previousEditor');
      await waitForReadout(/^A 100 ms/);
    },
  },
  {
    name: 'simulator: a click sets a cursor, and the source that wrote the tag shows its values',
    run: async () => {
      await appWindow.clickInWebview('.sheet', { x: 500, y: 10 });
      await waitForReadout(/^A .*Motor1_Run = /);
      await appWindow.screenshot('trace-with-cursor');
      await appWindow.pressInWebview('.diagram', 'Enter');
      const editor = await eventually('the source beside the trace', () => {
        const { activeTextEditor } = vscode.window;
        return activeTextEditor?.document.uri.path.endsWith('conveyor_main.st') === true ? activeTextEditor : null;
      });
      const line = await eventually('the statement', () => {
        const { text } = editor.document.lineAt(editor.selection.active.line);
        return text.includes('Motor1_Run :=') ? text : null;
      });
      assert.match(line, /^Motor1_Run := /);
      await eventually('the values behind the lines', async () => {
        const texts = await appWindow.textsBehind('.view-line span');
        return texts.some((text) => text.includes('SafetyReleased = ')) ? true : null;
      });
      await appWindow.screenshot('trace-source');
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    },
  },
  {
    name: 'simulator: the trace compares with the committed version of the code',
    run: async () => {
      const uri = siteFile(CONVEYOR, 'src/conveyor_main.st');
      const before = await vscode.workspace.fs.readFile(uri);
      const text = Buffer.from(before).toString('utf8').replace('PT := T#2s);', 'PT := T#3s);');
      await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
      try {
        const check = { root: siteFile(CONVEYOR, '').fsPath.replace(/\/$/, ''), id: SCENARIO };
        await vscode.commands.executeCommand('plantwright.openTrace', check);
        await appWindow.clickInWebview('button:has-text("Compare with HEAD")');
        const [difference] = await inWebview('.comparison');
        assert.match(
          difference ?? '',
          /tags? differs? from drive cover opens while the line runs at HEAD|tags differ from/,
        );
        await appWindow.pressInWebview('.diagram', 'Home');
        await appWindow.pressInWebview('.diagram', 'd');
        await waitForReadout(/^A (?!0 ms)/);
        await inEveryTheme((theme) => appWindow.screenshot(`trace-${theme}`));
      } finally {
        await vscode.workspace.fs.writeFile(uri, before);
      }
    },
  },
  {
    name: 'simulator: an hour of scans at 10 ms with fifty tags opens and can be moved through',
    run: async () => {
      const file = join(tmpdir(), 'plantwright-e2e-long.csv');
      await writeFile(file, longTrace());
      await vscode.commands.executeCommand('plantwright.openTrace', { kind: 'file', path: file });
      await eventually('the long trace', async () => {
        const texts = await appWindow.frameTexts('.summary');
        return texts.some((text) => text.includes('360000 scans')) ? true : null;
      });
      await appWindow.pressInWebview('.diagram', 'End');
      await waitForReadout(/\(scan 359999\)/);
      for (let step = 0; step < 6; step++) await appWindow.pressInWebview('.diagram', '+');
      await appWindow.pressInWebview('.diagram', 'ArrowLeft');
      await waitForReadout(/\(scan 359998\)/);
      await appWindow.screenshot('trace-long');
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    },
  },
  {
    name: 'simulator: a program is simulated from its lens with inputs that are held',
    run: async () => {
      // A file opens where it was left; the program begins at the top.
      const selection = new vscode.Range(0, 0, 0, 0);
      await vscode.window.showTextDocument(siteFile(CONVEYOR, 'src/conveyor_main.st'), { selection });
      await appWindow.waitFor('.codelens-decoration a:has-text("Simulate")');
      await appWindow.click('.codelens-decoration a:has-text("Simulate")');
      await appWindow.waitFor('.quick-input-title:has-text("Simulate ConveyorMain (1/2)")');
      await appWindow.press('Control+A');
      await appWindow.type('3s');
      await appWindow.press('Enter');
      await appWindow.waitFor('.quick-input-title:has-text("Simulate ConveyorMain (2/2)")');
      await appWindow.type('EStop1_OK=TRUE, PullCord_OK=TRUE');
      await appWindow.press('Enter');
      await eventually('the trace of the program', async () => {
        const texts = await appWindow.frameTexts('.summary');
        return texts.some((text) => text.includes('300 scans') && text.includes('EStop1_OK=TRUE')) ? true : null;
      });
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    },
  },
];

async function inWebview(selector: string): Promise<string[]> {
  return eventually(`${selector} in the trace`, async () => {
    const texts = await appWindow.frameTexts(selector);
    return texts.length > 0 ? texts : null;
  });
}

async function waitForReadout(expected: RegExp): Promise<void> {
  let last = '';
  await eventually(`the readout ${expected}`, async () => {
    const texts = await appWindow.frameTexts('.readout');
    last = texts.join(' | ').replace(/\s+/g, ' ');
    return texts.some((text) => expected.test(text.replace(/\s+/g, ' ').trim())) ? true : null;
  }).catch((error: unknown) => {
    throw new Error(`${String(error)}: ${last}`);
  });
}

/** 360,000 scans with 40 BOOLs that change now and then, and 10 numbers that change in every scan. */
function longTrace(): string {
  const names = Array.from({ length: 50 }, (_, index) => (index < 40 ? `Main.Bit${index}` : `Main.Level${index}`));
  const lines = [`time_ms,${names.join(',')}`];
  const cells: (number | string)[] = names.map(() => 0);
  for (let scan = 0; scan < 360_000; scan++) {
    for (let bit = 0; bit < 40; bit++) if (scan % (50 + 13 * bit) === 0) cells[bit] = cells[bit] === 0 ? 1 : 0;
    for (let level = 40; level < 50; level++) cells[level] = (scan * (level - 39)) % 1000;
    lines.push(`${scan * 10},${cells.join(',')}`);
  }
  return lines.join('\r\n');
}
