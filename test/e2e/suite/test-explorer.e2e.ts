import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { type E2eTest, eventually } from './registry.js';
import { appWindow } from './window.js';
import { siteFile } from './workspace.js';

const SITE = 'plant-01-press';
const TESTS = 'tests/two_hand_test.st';
const FAILING = `
TEST 'three hands are too many'
  th(xLeft := TRUE, xRight := TRUE);
  ADVANCE_TIME(T#20ms);
  th(xLeft := TRUE, xRight := FALSE);
  ASSERT_TRUE(th.xPressed, 'one hand must not be enough');
END_TEST
`;
const ENDLESS = `name: runs for a year
steps:
  - { at: 0ms, set: {} }
until: 8760h
`;
const ROWS = '.test-explorer .monaco-list-row';

export const testExplorerTests: readonly E2eTest[] = [
  {
    name: 'simulator: the Test Explorer lists the tests and scenarios of every site',
    run: async () => {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await vscode.commands.executeCommand('workbench.action.closeAuxiliaryBar');
      await vscode.commands.executeCommand('workbench.view.testing.focus');
      await appWindow.waitFor(`${ROWS}[aria-label*="plant-01-press" i]`);
      await vscode.commands.executeCommand('testing.refreshTests');
      const rows = await eventually('eleven sites', async () => {
        const texts = await appWindow.texts(ROWS);
        return texts.filter((text) => /plant-\d\d/i.test(text)).length >= 11 ? texts : null;
      });
      assert.ok(rows.some((row) => /plant-11-welding/i.test(row)));
    },
  },
  {
    name: 'simulator: a test has icons and lenses in the editor, and passes when it is run',
    run: async () => {
      await vscode.window.showTextDocument(siteFile(SITE, TESTS));
      await appWindow.waitFor('.testing-run-glyph');
      const lenses = await eventually('the lenses', async () => {
        const texts = await appWindow.texts('.codelens-decoration');
        return texts.some((text) => text.includes('Run')) ? texts : null;
      });
      assert.match(lenses[0] ?? '', /Run.*Trace/s);
      await appWindow.click('.codelens-decoration a:has-text("Run")');
      await appWindow.waitFor('.testing-run-glyph.codicon-testing-passed-icon');
    },
  },
  {
    name: 'simulator: a failing test shows what was expected and what came, at the assertion',
    run: async () => {
      const uri = siteFile(SITE, TESTS);
      const before = await vscode.workspace.fs.readFile(uri);
      await vscode.workspace.fs.writeFile(uri, Buffer.concat([before, Buffer.from(FAILING)]));
      await eventually('the new test', async () => {
        const document = await vscode.workspace.openTextDocument(uri);
        return document.getText().includes('three hands') ? true : null;
      });
      await vscode.window.showTextDocument(uri);
      await vscode.commands.executeCommand('plantwright.runTest', {
        uri: uri.toString(),
        name: 'three hands are too many',
      });
      await appWindow.waitFor('.testing-run-glyph.codicon-testing-failed-icon');
      const editor = vscode.window.activeTextEditor;
      const end = new vscode.Position((editor?.document.lineCount ?? 1) - 1, 0);
      editor?.revealRange(new vscode.Range(end, end));
      await appWindow.click('.test-error-content-widget');
      const peek = '.zone-widget.test-output-peek, .test-output-peek';
      await appWindow.waitFor(peek);
      await eventually('the message in the peek view', async () => {
        const texts = await appWindow.texts(peek);
        return texts.some((text) => text.includes('one hand must not be enough')) ? true : null;
      });
      await eventually('expected and actual value side by side', async () => {
        const lines = await appWindow.texts(`${peek} .view-line`);
        return lines.some((line) => line.trim() === 'TRUE') && lines.some((line) => line.trim() === 'FALSE')
          ? true
          : null;
      });
      await appWindow.screenshot('test-failed');
    },
  },
  {
    name: 'simulator: the trace of the failing run opens from its message',
    run: async () => {
      await appWindow.click('text="Open Trace"');
      await eventually('the trace of the test', async () => {
        const titles = await appWindow.frameTexts('h1');
        return titles.includes('three hands are too many') ? true : null;
      });
      const names = await appWindow.frameTexts('.lane .name .text');
      assert.ok(names.includes('th.xPressed'), names.join(', '));
      await appWindow.pressInWebview('.diagram', 'm');
      await appWindow.screenshot('trace-of-test');
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    },
  },
  {
    name: 'simulator: a scenario runs from its lens',
    run: async () => {
      await vscode.window.showTextDocument(siteFile(SITE, 'scenarios/door_opens.yaml'));
      await appWindow.waitFor('.codelens-decoration a:has-text("Trace")');
      await appWindow.click('.codelens-decoration a:has-text("Run")');
      await appWindow.waitFor('.testing-run-glyph.codicon-testing-passed-icon');
    },
  },
  {
    name: 'simulator: coverage of statements and branches shows in the editor',
    run: async () => {
      await vscode.window.showTextDocument(siteFile(SITE, TESTS));
      await vscode.commands.executeCommand('testing.coverageCurrentFile');
      await vscode.commands.executeCommand('workbench.view.testing.focus');
      const rows = await eventually('the coverage of files', async () => {
        const texts = await appWindow.texts('.test-coverage-list-item');
        return texts.some((text) => /\.st/i.test(text)) ? texts : null;
      });
      assert.ok(
        rows.some((row) => /TwoHand/.test(row)),
        rows.join('\n'),
      );
      await vscode.window.showTextDocument(siteFile(SITE, 'src/FB_TwoHand.st'));
      await appWindow.waitFor('.coverage-deco-gutter.coverage-deco-hit');
      await appWindow.screenshot('coverage');
      await vscode.commands.executeCommand('testing.coverage.close');
    },
  },
  {
    name: 'simulator: a run that would take hours is cancelled, and the next one starts at once',
    run: async () => {
      const long = siteFile(SITE, 'scenarios/endless.yaml');
      await vscode.workspace.fs.writeFile(long, Buffer.from(ENDLESS));
      try {
        await vscode.window.showTextDocument(long);
        await appWindow.waitFor('.codelens-decoration a:has-text("Run")');
        const run = vscode.commands.executeCommand('plantwright.runTest', { uri: long.toString(), name: null });
        await appWindow.waitFor('.testing-run-glyph.codicon-loading, .testing-run-glyph.codicon-sync');
        await vscode.commands.executeCommand('testing.cancelRun');
        await run;
      } finally {
        await vscode.workspace.fs.delete(long);
      }
      await vscode.window.showTextDocument(siteFile(SITE, 'tests/hydraulic_test.st'));
      await appWindow.waitFor('.codelens-decoration a:has-text("Run")');
      await appWindow.click('.codelens-decoration a:has-text("Run")');
      await appWindow.waitFor('.testing-run-glyph.codicon-testing-passed-icon');
    },
  },
  {
    name: 'simulator: a continuous run follows a change of the code',
    run: async () => {
      const source = siteFile(SITE, 'src/FB_TwoHand.st');
      const tests = siteFile(SITE, TESTS);
      const before = await vscode.workspace.fs.readFile(source);
      const text = Buffer.from(before).toString('utf8');
      const ownTests = Buffer.from(await vscode.workspace.fs.readFile(tests))
        .toString('utf8')
        .replace(FAILING, '');
      await vscode.workspace.fs.writeFile(tests, Buffer.from(ownTests));
      await vscode.window.showTextDocument(tests);
      await appWindow.waitUntilGone('.testing-run-glyph.codicon-testing-failed-icon');
      void vscode.commands.executeCommand('testing.startContinuousRun');
      await appWindow.click('.quick-input-widget .monaco-list-row:has-text("Run")');
      await appWindow.press('Enter');
      const broken = text.replace(/xPressed := xLeft.*;/, 'xPressed := FALSE;');
      assert.notEqual(broken, text);
      try {
        await vscode.workspace.fs.writeFile(source, Buffer.from(broken));
        await appWindow.waitFor('.testing-run-glyph.codicon-testing-failed-icon');
      } finally {
        await vscode.workspace.fs.writeFile(source, before);
      }
      await appWindow.waitUntilGone('.testing-run-glyph.codicon-testing-failed-icon');
      await appWindow.waitFor('.testing-run-glyph.codicon-testing-passed-icon');
      await vscode.commands.executeCommand('testing.stopContinuousRun');
    },
  },
];
