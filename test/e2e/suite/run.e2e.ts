import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { answer, runFromPalette } from './palette.js';
import { type E2eTest, eventually } from './registry.js';
import { appWindow } from './window.js';
import { newestRun } from './workspace.js';

const RUN_LIMIT_MS = 8 * 60_000;

/** The main job by keyboard: from the command palette to change requests. */
export const runTests: readonly E2eTest[] = [
  {
    name: 'the command palette leads through migration, sites, kind of run and engine to a run',
    run: async () => {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await vscode.commands.executeCommand('plantwright.fleet.focus');
      await runFromPalette('Plantwright: Start Migration');
      await answer('Which migration?', 'Safety interlocks', () => appWindow.screenshot('start-migration'));
      await answer('On which sites?', '', () => appWindow.screenshot('start-sites'));
      await answer('How should it run', 'Real run', () => appWindow.screenshot('start-kind'));
      await answer('What performs', 'Automatic');
      await answer('Who starts the run?', 'engineer-1');
      await eventually('the run is recorded', async () => ((await newestRun()) === null ? null : true), 60_000);
    },
  },
  {
    name: 'progress per site and verifier shows while the run works',
    run: async () => {
      await appWindow.waitFor('.statusbar-item[aria-label*="Plantwright: run"]');
      await appWindow.waitFor('.pane-body [aria-label*="verifying: "]');
      await appWindow.screenshot('fleet-during-run');
    },
  },
  {
    name: 'the run ends in change requests, and says why other sites have none',
    run: async () => {
      const run = await eventually(
        'the end of the run',
        async () => {
          const newest = await newestRun();
          return newest !== null && newest.state !== 'running' ? newest : null;
        },
        RUN_LIMIT_MS,
      );
      assert.equal(run.state, 'finished');
      assert.equal(run.startedBy, 'engineer-1');
      const states = new Map(run.attempts.map(({ site, state }) => [site, state]));
      assert.equal(states.get('plant-02-robot-cell'), 'awaiting-approval');
      assert.equal(states.get('plant-03-conveyor'), 'awaiting-approval');
      assert.equal(states.get('plant-08-assembly'), 'not-needed');
      assert.equal(states.get('plant-09-labeller'), 'needs-engineer');
      await appWindow.waitFor('.pane-body [aria-label*="awaiting approval"]');
      await vscode.commands.executeCommand('notifications.clearAll');
      await appWindow.click('.pane-body [aria-label^="plant-03-conveyor"] .monaco-tl-twistie');
      await appWindow.waitFor('.pane-body [aria-label*="safety: passed"]');
      await appWindow.screenshot('fleet-after-run');
    },
  },
];
