/** Evaluations of two channels that the code has already. */

import { keyOf } from '../../language/semantics/symbols.js';
import type { Call, Expression, SourceFile } from '../../language/syntax/tree.js';
import { walk } from '../../language/syntax/walk.js';
import type { TreeNode } from '../../safety/program-tree.js';
import type { SafetyModel } from '../../safety/safety-model.js';
import type { Site } from '../../site/site.js';
import { type AccessPath, accessPathOf, namesNode } from './access-path.js';
import type { SignalRead } from './signal-reads.js';

/** The pins of SF_GuardMonitoring and of every block in its style. */
const MONITOR_PINS = {
  channels: ['S_GUARDSWITCH1', 'S_GUARDSWITCH2'],
  output: 'S_GUARDMONITORING',
} as const;

export interface MonitorCall {
  readonly file: SourceFile;
  readonly call: Call;
  readonly instance: AccessPath;
}

/** The call that evaluates exactly these two channels, in either order; null when there is none. */
export function monitorCallOf(site: Site, channels: readonly [TreeNode, TreeNode]): MonitorCall | null {
  const { model } = site.project;
  let found: MonitorCall | null = null;
  for (const file of site.project.files) {
    walk(file, (node) => {
      if (node.kind !== 'Call' || found !== null) return undefined;
      const pins = MONITOR_PINS.channels.map((pin) => argumentAt(node, pin));
      const [first, second] = pins;
      if (first === undefined || second === undefined || first === null || second === null) return undefined;
      const [a, b] = channels;
      const isThis =
        (namesNode(first, a, model) && namesNode(second, b, model)) ||
        (namesNode(first, b, model) && namesNode(second, a, model));
      const instance = accessPathOf(node.callee, model);
      if (isThis && instance !== null) found = { file, call: node, instance };
      return undefined;
    });
  }
  return found;
}

function argumentAt(call: Call, pin: string): Expression | null {
  return call.arguments.find((argument) => argument.name !== null && keyOf(argument.name.name) === pin)?.value ?? null;
}

/** True when the expression is, or contains, the safe output of this evaluation. */
function readsOutputOf(site: Site, monitor: MonitorCall, expression: Expression): boolean {
  let found = false;
  walk(expression, (node) => {
    if (node.kind === 'Member' && isOutputOf(site, monitor, node)) found = true;
    return found ? 'skip' : undefined;
  });
  return found;
}

function isOutputOf(site: Site, monitor: MonitorCall, expression: Expression): boolean {
  if (expression.kind !== 'Member' || keyOf(expression.member.name) !== MONITOR_PINS.output) return false;
  const object = accessPathOf(expression.object, site.project.model);
  const { instance } = monitor;
  if (object === null || object.root !== instance.root) return false;
  return object.path.join('.') === instance.path.join('.');
}

/** True when a read of the raw signal stands in one expression with the safe output of the evaluation. */
export function isCovered(site: Site, monitor: MonitorCall, read: SignalRead): boolean {
  if (read.parents.some((parent) => parent === monitor.call)) return true;
  for (let index = read.parents.length - 1; index >= 0; index--) {
    const parent = read.parents[index];
    if (parent === undefined) return false;
    if (parent.kind === 'Assignment') return readsOutputOf(site, monitor, parent.value);
    if (parent.kind === 'Argument') return parent.value !== null && readsOutputOf(site, monitor, parent.value);
    if (parent.kind === 'ConditionalBranch') return readsOutputOf(site, monitor, parent.condition);
    if (parent.kind === 'StatementList') return false;
  }
  return false;
}

/** True when the signal is a variable that the program sets to the safe output of the evaluation, and nowhere else. */
export function isSetFrom(site: Site, model: SafetyModel, monitor: MonitorCall, signal: TreeNode): boolean {
  const [writer, ...others] = model.index.writersOf(signal.location);
  if (writer === undefined || others.length > 0 || writer.value === null || writer.condition !== null) return false;
  return isOutputOf(site, monitor, writer.value) || readsOutputOf(site, monitor, writer.value);
}
