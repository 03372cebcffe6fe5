import * as vscode from 'vscode';
import { parseDuration } from '../../core/site/duration.js';

const REMEMBERED = 'plantwright.simulation';

export interface SimulationAnswer {
  readonly durationNs: number;
  readonly inputs: readonly string[];
}

/** Asks how long a program should run and which inputs are held. Null: the question was closed. */
export async function askForSimulation(program: string, memory: vscode.Memento): Promise<SimulationAnswer | null> {
  const last = memory.get<{ duration?: string; inputs?: string }>(`${REMEMBERED}.${program}`) ?? {};
  const duration = await vscode.window.showInputBox({
    title: `Simulate ${program} (1/2)`,
    prompt: 'How long, in virtual time? For example 10s, 500ms, 2h.',
    value: last.duration ?? '10s',
    validateInput: (text) => ((parseDuration(text) ?? 0n) > 0n ? null : 'A duration such as 500ms, 10s or 2h'),
  });
  if (duration === undefined) return null;
  const inputs = await vscode.window.showInputBox({
    title: `Simulate ${program} (2/2)`,
    prompt: `Values to hold, separated by commas, for example ${program}.Start=TRUE, ${program}.Speed=12.5. Empty: none.`,
    value: last.inputs ?? '',
    validateInput: (text) =>
      listOf(text).every((each) => /^[^=\s][^=]*=.+$/.test(each)) ? null : 'Expected tag=value, tag=value',
  });
  if (inputs === undefined) return null;
  await memory.update(`${REMEMBERED}.${program}`, { duration, inputs });
  return { durationNs: Number(parseDuration(duration) ?? 0n), inputs: listOf(inputs) };
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}
