import * as vscode from 'vscode';
import { eventually } from './registry.js';

const THEMES = [
  ['light', 'Default Light Modern', vscode.ColorThemeKind.Light],
  ['dark', 'Default Dark Modern', vscode.ColorThemeKind.Dark],
  ['high-contrast', 'Default High Contrast', vscode.ColorThemeKind.HighContrast],
  ['high-contrast-light', 'Default High Contrast Light', vscode.ColorThemeKind.HighContrastLight],
] as const;

/** Does something in each kind of theme, and goes back to light. */
export async function inEveryTheme(look: (name: string) => Promise<void>): Promise<void> {
  for (const [name, theme, kind] of THEMES) {
    await useTheme(theme, kind);
    await look(name);
  }
  await useTheme(THEMES[0][1], THEMES[0][2]);
}

async function useTheme(theme: string, kind: vscode.ColorThemeKind): Promise<void> {
  const workbench = vscode.workspace.getConfiguration('workbench');
  await workbench.update('colorTheme', theme, vscode.ConfigurationTarget.Global);
  await eventually(`the theme ${theme}`, () => (vscode.window.activeColorTheme.kind === kind ? true : null));
}
