import { eventually } from './registry.js';
import { appWindow } from './window.js';

const INPUT = '.quick-input-widget:not([style*="display: none"]) .quick-input-box input';

/** Opens the command palette and picks a command by its whole title, as a person types it. */
export async function runFromPalette(title: string): Promise<void> {
  await appWindow.press('F1');
  await appWindow.waitFor(INPUT);
  await appWindow.type(title);
  await eventually(`the palette offers ${title}`, async () => {
    const rows = await appWindow.texts('.quick-input-list .monaco-list-row');
    return rows.some((row) => row.replace(/\s+/g, ' ').includes(title)) ? true : null;
  });
  await appWindow.press('Enter');
}

/** Waits for the question with this placeholder, then types an answer (a filter or a text) and accepts it. */
export async function answer(placeholder: string, text: string, before?: () => Promise<void>): Promise<void> {
  await appWindow.waitFor(`.quick-input-widget input[placeholder^="${placeholder}"]`);
  await before?.();
  if (text !== '') await appWindow.type(text);
  await new Promise((resolve) => setTimeout(resolve, 400));
  await appWindow.press('Enter');
}
