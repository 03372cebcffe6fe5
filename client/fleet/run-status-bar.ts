import * as vscode from 'vscode';
import { Disposable } from '../base/disposable.js';
import { isUndecided } from './change-words.js';
import type { FleetState } from './fleet-state.js';
import { describeRun } from './run-words.js';

/** One entry in the status bar: the run at work, else what waits for a decision. Hidden without a fleet. */
export class RunStatusBar extends Disposable {
  readonly #item = this.register(
    vscode.window.createStatusBarItem('plantwright.run', vscode.StatusBarAlignment.Left, 10),
  );

  constructor() {
    super();
    this.#item.name = 'Plantwright';
    this.#item.command = 'plantwright.fleet.focus';
  }

  update({ fleet, run, sites }: FleetState): void {
    if (fleet === null) {
      this.#item.hide();
      return;
    }
    const waiting = sites.filter(({ change }) => change !== null && isUndecided(change)).length;
    const parts = [run === null ? `${fleet.sites.length} sites` : describeRun(run)];
    if (waiting > 0) parts.push(`${waiting} to decide`);
    const icon = run?.state === 'running' ? '$(sync~spin)' : '$(shield)';
    this.#item.text = `${icon} ${parts.join(', ')}`;
    this.#item.tooltip = run === null ? 'Plantwright: no run yet' : `Plantwright: ${run.title}`;
    this.#item.accessibilityInformation = { label: `Plantwright: ${parts.join(', ')}` };
    this.#item.show();
  }
}
