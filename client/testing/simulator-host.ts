/**
 * The process that simulates for the editor: it finds and runs tests and scenarios, records traces and explains them.
 * Orders come one at a time over the channel. It keeps nothing that can't be computed again, so it may be killed at any
 * time: that is how a run is cancelled.
 */

import { explain } from './host/explain.js';
import { findChecks } from './host/find-checks.js';
import { recordTrace } from './host/record-trace.js';
import { runChecks } from './host/run-checks.js';
import { SiteFiles } from './host/site-files.js';
import { writeTrace } from './host/write-trace.js';
import type { OrderKind, SimulatorAnswer, SimulatorOrders, SimulatorRequest } from './simulator-protocol.js';

const sites = new SiteFiles();
let work: Promise<void> = Promise.resolve();

process.on('message', (request: SimulatorRequest) => {
  work = work.then(() => carryOut(request));
});
process.on('disconnect', () => process.exit(0));

async function carryOut(request: SimulatorRequest): Promise<void> {
  const { ticket } = request;
  try {
    say({ ticket, kind: 'answer', answer: await answerTo(request) });
  } catch (error) {
    // What is for people is an error with a message; the stack is for the log of this process.
    console.error(error);
    say({ ticket, kind: 'refused', reason: error instanceof Error ? error.message : String(error) });
  }
}

function say(answer: SimulatorAnswer): void {
  if (process.connected) process.send?.(answer);
}

async function answerTo(request: SimulatorRequest): Promise<SimulatorOrders[OrderKind]['answer']> {
  switch (request.kind) {
    case 'discover':
      return findChecks(request.order.root, sites);
    case 'run': {
      const { root, ids, coverage } = request.order;
      const found = await findChecks(root, sites);
      const opened = await sites.open(root, null);
      const options = {
        coverage,
        clock: () => performance.now(),
        say: (event: Extract<SimulatorAnswer, { kind: 'event' }>['event']) =>
          say({ ticket: request.ticket, kind: 'event', event }),
      };
      return { coverage: runChecks(opened, found, ids === null ? null : new Set(ids), options) };
    }
    case 'trace':
      return recordTrace(request.order.source, sites);
    case 'explain':
      return explain(request.order.source, request.order.tag, request.order.sample, sites);
    case 'export':
      return { text: writeTrace(request.order) };
  }
}
