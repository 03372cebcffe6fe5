/** Recordings of the machine that a site keeps: the inputs on which both versions of a change are run side by side. */

import { decodeText } from '../base/decode.js';
import { type Finding, startOfFile } from '../base/finding.js';
import type { Site } from '../site/site.js';
import { sitePaths } from '../site/source-paths.js';
import { type InputSequence, sequenceOfTrace } from './input-sequences.js';
import { inputTags } from './inputs.js';
import { readTrace } from './read-trace.js';
import { createSimulation } from './simulation.js';

/** One recording, as far as it is followed. */
export interface Recording {
  readonly file: string;
  readonly sequence: InputSequence;
  /** Scans that the file holds; what is beyond the limit is not followed. */
  readonly scans: number;
  /** Signals that are no variable of the program. */
  readonly unknown: readonly string[];
}

export interface Recordings {
  readonly recordings: readonly Recording[];
  /** Files that can't be read, and those that hold no input of the program. */
  readonly findings: readonly Finding[];
}

/** Scans of one recording that are followed: an hour at 10 ms. */
const FOLLOWED_SCANS = 360_000;

/** Reads the recordings that the manifest names (`checks: traces:`), in order of paths. */
export function recordingsOf(site: Site): Recordings {
  const paths = sitePaths(site.manifest, site.snapshot.keys()).traces;
  if (paths.length === 0) return { recordings: [], findings: [] };
  const created = createSimulation(site.project);
  if ('findings' in created) return { recordings: [], findings: created.findings };
  const inputs = inputTags(site.project);
  const recordings: Recording[] = [];
  const findings: Finding[] = [];
  for (const path of paths) {
    const reading = readTrace(path, decodeText(site.snapshot.get(path) ?? new Uint8Array()).text);
    if ('problem' in reading) {
      findings.push(traceFinding(path, reading.line ?? 1, reading.problem));
      continue;
    }
    const { sequence, unknown, misfits } = sequenceOfTrace(path, reading.trace, created.simulation, inputs);
    for (const misfit of misfits) findings.push(traceFinding(path, 1, `The recording has a wrong value: ${misfit}.`));
    if (sequence.changes.length === 0) {
      const names = reading.trace.signals.map((signal) => signal.name).slice(0, 5);
      findings.push(
        traceFinding(
          path,
          1,
          `The recording drives no input of the program; its signals are ${names.join(', ')}. Name them by their tags, ${inputs[0] ?? 'Main.Start'} for instance.`,
        ),
      );
      continue;
    }
    const followed = Math.min(sequence.scans, FOLLOWED_SCANS);
    recordings.push({ file: path, sequence: { ...sequence, scans: followed }, scans: sequence.scans, unknown });
  }
  return { recordings, findings };
}

function traceFinding(file: string, line: number, message: string): Finding {
  return {
    ...startOfFile(file),
    line,
    endLine: line,
    code: 'SIM-TRACE',
    rule: 'recorded-trace',
    severity: 'error',
    message,
    related: [],
    witness: {},
  };
}
