/** `simulate --replay`: the program on the recorded inputs of a machine, held against what was recorded. */

import { decodeText } from '../../core/base/decode.js';
import { type Finding, startOfFile } from '../../core/base/finding.js';
import { readTrace } from '../../core/simulation/read-trace.js';
import { replayTrace } from '../../core/simulation/replay-trace.js';
import type { Simulation } from '../../core/simulation/simulation.js';
import { type Trace, TraceRecorder } from '../../core/simulation/trace.js';
import { printJson } from '../command.js';
import type { Terminal } from '../console.js';
import { EXIT } from '../exit-code.js';
import { findingsAsText } from '../print-findings.js';
import { readInput } from '../read-input.js';
import { UsageError } from '../usage-error.js';

/** Replays a trace file; `keep` gets the trace of the run. A difference or a run-time fault is a finding. */
export function simulateReplay(
  simulation: Simulation,
  file: string,
  terminal: Terminal,
  wantsJson: boolean,
  keep: (trace: Trace) => void,
): 0 | 1 {
  const reading = readTrace(file, decodeText(readInput(file)).text);
  if ('problem' in reading) throw new UsageError(`${file}:${reading.line ?? 1}: ${reading.problem}`);
  const recorder = new TraceRecorder(
    simulation,
    simulation.tags().map((tag) => tag.name),
  );
  const replay = replayTrace(simulation, reading.trace, () => recorder.sample());
  if (replay.misfits.length > 0)
    throw new UsageError(`${file}: the recording has a wrong value: ${replay.misfits[0]}.`);
  if (replay.driven.length === 0)
    throw new UsageError(`${file}: no signal of the recording is an input of the program.`);
  keep(recorder.finish());
  const differences = replay.differences.map(
    ({ tag, scan, timeNs, recorded, simulated }): Finding => ({
      ...startOfFile(file),
      code: 'SIM-DIFFERS',
      rule: 'recorded-trace',
      severity: 'error',
      message: `At ${timeNs / 1e6} ms (scan ${scan}) ${tag} is ${simulated}; ${recorded} was recorded.`,
      related: [],
      witness: { tag, scan, timeNs, recorded, simulated },
    }),
  );
  const failures = [...(simulation.fault === null ? [] : [simulation.fault]), ...differences];
  if (wantsJson) {
    const { scans, driven, missing, compared, unknown } = replay;
    const profile = simulation.profile.name;
    printJson(terminal, { scans, driven, missing, compared, unknown, failures, values: simulation.values(), profile });
  } else {
    if (failures.length > 0) terminal.result(findingsAsText(failures, terminal.colors));
    if (replay.unknown.length > 0) terminal.result(`not in the program: ${replay.unknown.join(', ')}`);
    if (replay.missing.length > 0)
      terminal.result(`inputs that the recording does not hold, left as they start: ${replay.missing.join(', ')}`);
    terminal.result(
      `${replay.scans} scans on ${replay.driven.length} recorded inputs, ${replay.compared.length} signals compared, ${differences.length} differ`,
    );
    terminal.log(`with the semantics of ${simulation.profile.name}`);
  }
  return failures.length === 0 && !simulation.isUnknown ? EXIT.clean : EXIT.findings;
}
