import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { type E2eTest, eventually } from './registry.js';
import { appWindow } from './window.js';

const THEMES = [
  ['light', 'Default Light Modern'],
  ['dark', 'Default Dark Modern'],
  ['high-contrast', 'Default High Contrast'],
  ['high-contrast-light', 'Default High Contrast Light'],
] as const;

export const matrixTests: readonly E2eTest[] = [
  {
    name: 'the verifier matrix shows every site and verifier',
    run: async () => {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await vscode.commands.executeCommand('notifications.clearAll');
      await vscode.commands.executeCommand('plantwright.showVerifierMatrix');
      const headers = await eventually('the table', async () => {
        const texts = await appWindow.frameTexts('thead th');
        return texts.length > 0 ? texts : null;
      });
      assert.deepEqual(headers, [
        'Site',
        'Wave',
        'Compile',
        'Safety',
        'Simulation',
        'Proof',
        'Judge',
        'State',
        'Change request',
      ]);
      const sites = await appWindow.frameTexts('tbody th');
      assert.equal(sites.length, 11);
      assert.ok(sites.includes('plant-02-robot-cell'));
    },
  },
  {
    name: 'a result of the matrix is reached by keyboard and tells what was checked',
    run: async () => {
      await appWindow.pressInWebview('[data-cell="0-0"]', 'ArrowRight');
      const [details] = await eventually('the details', async () => {
        const texts = await appWindow.frameTexts('.details h2');
        return texts.length > 0 ? texts : null;
      });
      assert.match(details ?? '', /plant-01-press: Safety passed/);
    },
  },
  {
    name: 'the matrix is readable in light, dark and high-contrast themes',
    run: async () => {
      const workbench = vscode.workspace.getConfiguration('workbench');
      for (const [name, theme] of THEMES) {
        await workbench.update('colorTheme', theme, vscode.ConfigurationTarget.Global);
        await eventually(`the theme ${theme}`, () => (isTheme(name) ? true : null));
        await appWindow.screenshot(`matrix-${name}`);
      }
      await workbench.update('colorTheme', 'Default Light Modern', vscode.ConfigurationTarget.Global);
      await eventually('the light theme again', () => (isTheme('light') ? true : null));
    },
  },
];

function isTheme(name: (typeof THEMES)[number][0]): boolean {
  const kinds = {
    light: vscode.ColorThemeKind.Light,
    dark: vscode.ColorThemeKind.Dark,
    'high-contrast': vscode.ColorThemeKind.HighContrast,
    'high-contrast-light': vscode.ColorThemeKind.HighContrastLight,
  };
  return vscode.window.activeColorTheme.kind === kinds[name];
}
