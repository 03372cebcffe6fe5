/** POUs that call themselves, directly or through others. */

import type { ProjectIndex } from '../semantics/project-index.js';
import type { ActionSymbol, CodeSymbol, MethodSymbol, PouSymbol } from '../semantics/symbols.js';
import type { Call } from '../syntax/tree.js';

type Callable = PouSymbol | MethodSymbol | ActionSymbol;

interface CallSite {
  readonly call: Call;
  readonly target: Callable;
}

export function reportRecursion(index: ProjectIndex): void {
  const callsOf = collectCalls(index);
  const reported = new Set<Callable>();
  for (const [caller, sites] of callsOf) {
    if (reported.has(caller)) continue;
    for (const { call, target } of sites) {
      const path = pathTo(target, caller, callsOf);
      if (path === null) continue;
      for (const one of path) reported.add(one);
      reported.add(caller);
      const chain = [caller, ...path].map((one) => one.name);
      const unit = index.units.find(
        (one) => one.symbol === caller && one.span.start <= call.start && call.end <= one.span.end,
      );
      if (unit !== undefined)
        index.reports.add(
          'PW4009',
          unit.file,
          call,
          chain.length <= 2
            ? `"${caller.name}" calls itself. Use a loop instead.`
            : `"${caller.name}" calls itself through ${chain.slice(1, -1).join(', ')}. Break the circle of calls.`,
        );
      break;
    }
  }
}

function collectCalls(index: ProjectIndex): ReadonlyMap<Callable, readonly CallSite[]> {
  const callsOf = new Map<Callable, CallSite[]>();
  const spans = index.units
    .filter((unit) => unit.body !== null && unit.symbol !== null && unit.symbol.kind !== 'property')
    .map((unit) => ({ unit, text: unit.file.path, start: unit.body?.start ?? 0, end: unit.body?.end ?? 0 }));
  const byFile = new Map<string, typeof spans>();
  for (const span of spans) {
    const list = byFile.get(span.text);
    if (list === undefined) byFile.set(span.text, [span]);
    else list.push(span);
  }
  for (const [call, { target, file }] of resolvedCalls(index)) {
    const owner = byFile.get(file)?.find((span) => span.start <= call.start && call.end <= span.end)?.unit.symbol;
    if (owner === undefined || owner === null || owner.kind === 'property') continue;
    const sites = callsOf.get(owner);
    if (sites === undefined) callsOf.set(owner, [{ call, target }]);
    else sites.push({ call, target });
  }
  return callsOf;
}

function* resolvedCalls(index: ProjectIndex): Iterable<[Call, { target: Callable; file: string }]> {
  for (const [call, file] of index.callFiles) {
    const target = index.facts.calls.get(call)?.target;
    if (target === undefined || target === null || isLibrary(target)) continue;
    yield [call, { target, file }];
  }
}

function isLibrary(symbol: CodeSymbol): boolean {
  return symbol.kind === 'pou' && symbol.isLibrary;
}

/** The calls that lead from `from` to `to`, `to` last; null when none do. */
function pathTo(from: Callable, to: Callable, callsOf: ReadonlyMap<Callable, readonly CallSite[]>): Callable[] | null {
  const cameFrom = new Map<Callable, Callable | null>([[from, null]]);
  const queue: Callable[] = [from];
  for (let current = queue.shift(); current !== undefined; current = queue.shift()) {
    if (current === to) {
      const path: Callable[] = [];
      for (let step: Callable | null = current; step !== null; step = cameFrom.get(step) ?? null) path.unshift(step);
      return path;
    }
    for (const { target } of callsOf.get(current) ?? [])
      if (!cameFrom.has(target)) {
        cameFrom.set(target, current);
        queue.push(target);
      }
  }
  return null;
}
