import * as vscode from 'vscode';

/** How a step of a wizard ends: with a value, back to the step before, or closed. */
export type StepResult<T> =
  | { readonly kind: 'picked'; readonly value: T }
  | { readonly kind: 'back' }
  | { readonly kind: 'closed' };

export interface Choice<T> {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  readonly value: T;
}

export interface StepFrame {
  readonly title: string;
  readonly placeholder: string;
  readonly step: number;
  readonly totalSteps: number;
}

interface ChoiceItem<T> extends vscode.QuickPickItem {
  readonly choice: Choice<T> | null;
}

/** One choice of a list. */
export async function pickOne<T>(frame: StepFrame, choices: readonly Choice<T>[]): Promise<StepResult<T>> {
  const picker = openPicker<T>(frame);
  picker.items = choices.map(itemOf);
  return finish(picker, () => picker.selectedItems[0]?.choice?.value ?? null);
}

/** A heading and entries that can be read but not picked, below the choices of a list. */
export interface Unavailable {
  readonly heading: string;
  readonly entries: readonly { readonly label: string; readonly detail: string }[];
}

/** Any number of choices, at least one; all are picked at first. */
export async function pickMany<T>(
  frame: StepFrame,
  heading: string,
  choices: readonly Choice<T>[],
  unavailable: Unavailable,
): Promise<StepResult<readonly T[]>> {
  const picker = openPicker<T>(frame);
  picker.canSelectMany = true;
  const available = choices.map(itemOf);
  const separator = (label: string): ChoiceItem<T> => ({
    label,
    kind: vscode.QuickPickItemKind.Separator,
    choice: null,
  });
  const others = unavailable.entries.map(
    ({ label, detail }): ChoiceItem<T> => ({ label: `$(circle-slash) ${label}`, detail, choice: null }),
  );
  picker.items = [
    separator(heading),
    ...available,
    ...(others.length === 0 ? [] : [separator(unavailable.heading), ...others]),
  ];
  picker.selectedItems = available;
  picker.onDidChangeSelection((selected) => {
    const allowed = selected.filter(({ choice }) => choice !== null);
    if (allowed.length !== selected.length) picker.selectedItems = allowed;
  });
  return finish(picker, () => {
    const values = picker.selectedItems.flatMap(({ choice }) => (choice === null ? [] : [choice.value]));
    return values.length === 0 ? null : values;
  });
}

function openPicker<T>(frame: StepFrame): vscode.QuickPick<ChoiceItem<T>> {
  const picker = vscode.window.createQuickPick<ChoiceItem<T>>();
  picker.title = frame.title;
  picker.placeholder = frame.placeholder;
  picker.step = frame.step;
  picker.totalSteps = frame.totalSteps;
  picker.ignoreFocusOut = true;
  picker.matchOnDetail = true;
  if (frame.step > 1) picker.buttons = [vscode.QuickInputButtons.Back];
  return picker;
}

function itemOf<T>(choice: Choice<T>): ChoiceItem<T> {
  return {
    label: choice.label,
    ...(choice.description === undefined ? {} : { description: choice.description }),
    ...(choice.detail === undefined ? {} : { detail: choice.detail }),
    choice,
  };
}

async function finish<Item extends vscode.QuickPickItem, T>(
  picker: vscode.QuickPick<Item>,
  currentValue: () => T | null,
): Promise<StepResult<T>> {
  try {
    return await new Promise((resolve) => {
      picker.onDidAccept(() => {
        const value = currentValue();
        if (value !== null) resolve({ kind: 'picked', value });
      });
      picker.onDidTriggerButton(() => resolve({ kind: 'back' }));
      picker.onDidHide(() => resolve({ kind: 'closed' }));
      picker.show();
    });
  } finally {
    picker.dispose();
  }
}
