import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { type E2eTest, eventually } from './registry.js';
import { appWindow } from './window.js';
import { changeOf, fleetFolder } from './workspace.js';

const REVIEWED = 'plant-02-robot-cell';
const SENT_BACK = 'plant-05-filling';

export const reviewTests: readonly E2eTest[] = [
  {
    name: 'a change request opens as one diff of all files with the words of the verifiers beside the lines',
    run: async () => {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await vscode.commands.executeCommand('workbench.action.closeSidebar');
      await vscode.commands.executeCommand('plantwright.reviewChange', { change: await changeOf(REVIEWED) });
      await appWindow.waitFor('.multiDiffEntry');
      await appWindow.waitFor('.review-widget');
      const comments = await appWindow.texts('.review-widget .comment-body');
      assert.ok(
        comments.some((text) => /Safety/.test(text) && /Proof/.test(text)),
        comments.join('\n'),
      );
      await appWindow.screenshot('review-diff');
    },
  },
  {
    name: 'the author of a change cannot approve it',
    run: async () => {
      await useKeyOf('engineer-1');
      const change = await changeOf(REVIEWED);
      const answer = await vscode.commands.executeCommand('plantwright.approveChange', {
        change,
        person: 'engineer-1',
        confirmation: REVIEWED,
      });
      assert.equal(answer, undefined);
      assert.deepEqual(await signaturesOf(change), []);
      await vscode.commands.executeCommand('notifications.showList');
      await appWindow.waitFor('.notifications-center :text("author of a change")');
      await vscode.commands.executeCommand('notifications.clearAll');
    },
  },
  {
    name: 'a safety engineer approves by typing the name of the site, and the signature is recorded',
    run: async () => {
      await useKeyOf('safety-1');
      const change = await changeOf(REVIEWED);
      const decided = vscode.commands.executeCommand('plantwright.approveChange', { change, person: 'safety-1' });
      await appWindow.waitFor('.quick-input-widget input');
      await appWindow.type('plant-02');
      await appWindow.press('Enter');
      await appWindow.waitFor('.quick-input-widget :text("Type plant-02-robot-cell")');
      await appWindow.screenshot('approve-confirmation');
      await appWindow.type('-robot-cell');
      await appWindow.press('Enter');
      assert.equal(await decided, 'approved');
      const [signature] = await signaturesOf(change);
      assert.deepEqual(
        [signature?.person, signature?.decision, signature?.meaning],
        ['safety-1', 'accept', 'approval'],
      );
    },
  },
  {
    name: 'a change request is sent back with a reason',
    run: async () => {
      const change = await changeOf(SENT_BACK);
      const decided = vscode.commands.executeCommand('plantwright.rejectChange', { change, person: 'safety-1' });
      await appWindow.waitFor('.quick-input-title:has-text("Reject")');
      await appWindow.type('the second switch is not wired yet');
      await appWindow.press('Enter');
      await appWindow.waitFor('.quick-input-widget :text("Type the name of the site")');
      await appWindow.type(SENT_BACK);
      await appWindow.press('Enter');
      assert.equal(await decided, 'rejected');
      const [signature] = await signaturesOf(change);
      assert.equal(signature?.reason, 'the second switch is not wired yet');
    },
  },
  {
    name: 'the audit log holds, and the tree shows the decisions',
    run: async () => {
      assert.equal(await vscode.commands.executeCommand('plantwright.verifyAudit'), true);
      await vscode.commands.executeCommand('plantwright.fleet.focus');
      await eventually('the approval in the tree', async () => {
        const texts = await appWindow.texts('.pane-body .monaco-list-row');
        return texts.some((text) => text.includes('approved by safety-1')) ? true : null;
      });
      await vscode.commands.executeCommand('notifications.clearAll');
      await appWindow.screenshot('decided');
    },
  },
];

async function useKeyOf(person: string): Promise<void> {
  const keys: Readonly<Record<string, string>> = JSON.parse(process.env['PLANTWRIGHT_E2E_KEYS'] ?? '{}');
  const review = vscode.workspace.getConfiguration('plantwright.review');
  await review.update('keyFile', keys[person], vscode.ConfigurationTarget.Global);
}

interface Signature {
  readonly person: string;
  readonly decision: string;
  readonly meaning: string;
  readonly reason: string | null;
}

async function signaturesOf(change: string): Promise<Signature[]> {
  const folder = join(fleetFolder().fsPath, '.plantwright', 'changes', change, 'approvals');
  const names = await readdir(folder);
  return Promise.all(
    names.map(async (name): Promise<Signature> => JSON.parse(await readFile(join(folder, name), 'utf8'))),
  );
}
