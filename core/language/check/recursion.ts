/** POUs that call themselves, directly or through others. IEC 61131-3 ed. 3, 6.6.1.1. */

import type { CodeUnit, ProjectIndex } from '../semantics/project-index.js';
import type { ActionSymbol, MethodSymbol, PouSymbol } from '../semantics/symbols.js';
import type { Call } from '../syntax/tree.js';

type Callable = PouSymbol | MethodSymbol | ActionSymbol;

interface CallSite {
  readonly call: Call;
  readonly target: Callable;
  readonly unit: CodeUnit;
}

type CallGraph = ReadonlyMap<Callable, readonly CallSite[]>;

/** Reports each circle of calls once, at the call by which its first POU enters it. */
export function reportRecursion(index: ProjectIndex): void {
  const graph = callGraphOf(index);
  for (const circle of circlesIn(graph)) {
    const members = new Set(circle);
    const first = [...graph.keys()].find((caller) => members.has(caller));
    const site = first === undefined ? undefined : graph.get(first)?.find(({ target }) => members.has(target));
    if (first === undefined || site === undefined) continue;
    const others = circle.filter((one) => one !== first).map((one) => one.name);
    index.reports.add(
      'PW4009',
      site.unit.file,
      site.call,
      others.length === 0
        ? `"${first.name}" calls itself. Use a loop instead.`
        : `"${first.name}" calls itself through ${others.join(', ')}. Break the circle of calls.`,
    );
  }
}

function callGraphOf(index: ProjectIndex): CallGraph {
  const graph = new Map<Callable, CallSite[]>();
  for (const unit of index.units)
    for (const call of index.calls.get(unit) ?? []) {
      const target = index.facts.calls.get(call)?.target ?? null;
      const caller = unit.symbol;
      if (target === null || caller === null || caller.kind === 'property') continue;
      if (target.kind === 'pou' && target.isLibrary) continue;
      const sites = graph.get(caller);
      if (sites === undefined) graph.set(caller, [{ call, target, unit }]);
      else sites.push({ call, target, unit });
    }
  return graph;
}

interface Visit {
  readonly node: Callable;
  readonly order: number;
  /** The earliest node on the stack that can be reached. */
  low: number;
  next: number;
}

/** The strongly connected parts with a call inside (Tarjan's algorithm, without recursion of its own). */
function circlesIn(graph: CallGraph): Callable[][] {
  const orders = new Map<Callable, number>();
  const stack: Callable[] = [];
  const onStack = new Set<Callable>();
  const circles: Callable[][] = [];
  const open = (node: Callable): Visit => {
    const order = orders.size;
    orders.set(node, order);
    stack.push(node);
    onStack.add(node);
    return { node, order, low: order, next: 0 };
  };
  for (const root of graph.keys()) {
    if (orders.has(root)) continue;
    const visits = [open(root)];
    for (let visit = visits.at(-1); visit !== undefined; visit = visits.at(-1)) {
      const site = graph.get(visit.node)?.[visit.next++];
      if (site !== undefined) {
        const known = orders.get(site.target);
        if (known === undefined) visits.push(open(site.target));
        else if (onStack.has(site.target)) visit.low = Math.min(visit.low, known);
        continue;
      }
      visits.pop();
      const parent = visits.at(-1);
      if (parent !== undefined) parent.low = Math.min(parent.low, visit.low);
      if (visit.low !== visit.order) continue;
      const circle = stack.splice(stack.indexOf(visit.node));
      for (const node of circle) onStack.delete(node);
      const callsItself = graph.get(visit.node)?.some(({ target }) => target === visit?.node) === true;
      if (circle.length > 1 || callsItself) circles.push(circle);
    }
  }
  return circles;
}
