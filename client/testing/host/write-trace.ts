/** A part of a trace as a file for other programs. */

import { samplesOf } from '../../../core/simulation/change-trace.js';
import { unpackTrace } from '../../../core/simulation/packed-trace.js';
import { timingDiagram } from '../../../core/simulation/timing-diagram.js';
import { type Trace, traceToCsv, traceToJson, traceToVcd } from '../../../core/simulation/trace.js';
import type { SimulatorOrders } from '../simulator-protocol.js';

type Order = SimulatorOrders['export']['order'];

/** The samples and tags that are asked for, tags in that order; the markers between them come along. */
export function writeTrace({ trace: packed, tags, format, title, firstSample, lastSample }: Order): string {
  const trace = unpackTrace(packed);
  const byName = new Map(trace.signals.map((signal) => [signal.name, signal]));
  const chosen = { ...trace, signals: tags.flatMap((tag) => byName.get(tag) ?? []) };
  return writerOf(format, title)(samplesOf(chosen, firstSample, lastSample));
}

function writerOf(format: Order['format'], title: string): (trace: Trace) => string {
  switch (format) {
    case 'svg':
      return (trace) => timingDiagram(trace, { title, width: 1400 });
    case 'vcd':
      return traceToVcd;
    case 'csv':
      return traceToCsv;
    case 'json':
      return traceToJson;
  }
}
