/** Variables of a stopped run as the protocol shows them. References are valid until the run goes on. */

import { Handles } from '@vscode/debugadapter/lib/handles.js';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { isAggregate, type Shape } from '../../core/simulation/compile/shape.js';
import type { DebugRun } from '../../core/simulation/debug/debug-run.js';
import type { Frame } from '../../core/simulation/debug/probe.js';
import { type Group, isGroup, type Slot, typeName } from '../../core/simulation/debug/slots.js';

/** What a reference stands for. `level`: index of the frame from the outermost; null between two scans. */
interface Container {
  readonly level: number | null;
  readonly content:
    | { readonly kind: 'entries'; readonly entries: readonly (Slot | Group)[] }
    | { readonly kind: 'slot'; readonly slot: Slot };
}

export interface Page {
  readonly start: number;
  readonly count: number;
  readonly filter: 'indexed' | 'named' | null;
}

export type NumberFormat = 'plain' | 'hex';

export class VariableView {
  readonly #run: DebugRun;
  readonly #containers = new Handles<Container>();

  constructor(run: DebugRun) {
    this.#run = run;
  }

  /** Forgets all references: the run has moved. */
  reset(): void {
    this.#containers.reset();
  }

  entries(entries: readonly (Slot | Group)[], level: number | null): number {
    return this.#containers.create({ level, content: { kind: 'entries', entries } });
  }

  children(reference: number, page: Page, format: NumberFormat): DebugProtocol.Variable[] {
    const container = this.#containers.get(reference);
    if (container === undefined) return [];
    const { content, level } = container;
    const globals = this.#run.simulation.roots['G'] ?? {};
    const from = page.filter === 'indexed' ? page.start : 0;
    const count = page.count > 0 ? page.count : Number.POSITIVE_INFINITY;
    const found =
      content.kind === 'entries'
        ? content.entries
        : this.#run.tree.children(content.slot, globals, from, page.filter === 'indexed' ? count : undefined);
    const marks = this.#forcedMarks(level);
    return found.map((each) => this.#variable(each, level, format, marks));
  }

  /** The child of a container by its name, with the level of its frame. */
  child(reference: number, name: string): { readonly slot: Slot; readonly level: number | null } | null {
    const container = this.#containers.get(reference);
    if (container === undefined) return null;
    const { content, level } = container;
    const globals = this.#run.simulation.roots['G'] ?? {};
    const found = content.kind === 'entries' ? content.entries : this.#run.tree.children(content.slot, globals);
    const slot = found.find((each) => each.name === name);
    return slot === undefined || isGroup(slot) ? null : { slot, level };
  }

  /** A variable as the answer to a question. */
  answer(slot: Slot, level: number | null, format: NumberFormat): DebugProtocol.EvaluateResponse['body'] {
    const { value, type, variablesReference, namedVariables, indexedVariables } = this.#slotVariable(
      slot,
      level,
      format,
      this.#forcedMarks(level),
    );
    return {
      result: value,
      ...(type === undefined ? {} : { type }),
      variablesReference,
      ...(namedVariables === undefined ? {} : { namedVariables }),
      ...(indexedVariables === undefined ? {} : { indexedVariables }),
    };
  }

  #variable(
    each: Slot | Group,
    level: number | null,
    format: NumberFormat,
    marks: ForcedMarks,
  ): DebugProtocol.Variable {
    if (!isGroup(each)) return this.#slotVariable(each, level, format, marks);
    const reference = each.children.length === 0 ? 0 : this.entries(each.children, level);
    return {
      name: each.name,
      value: each.text,
      variablesReference: reference,
      presentationHint: { attributes: ['readOnly'] },
    };
  }

  #slotVariable(slot: Slot, level: number | null, format: NumberFormat, marks: ForcedMarks): DebugProtocol.Variable {
    const { tree, simulation } = this.#run;
    const { named, indexed } = tree.count(slot);
    const isOpen = named + indexed > 0;
    const text = tree.describe(slot, simulation.roots['G'] ?? {}, format);
    return {
      name: slot.name,
      value: marks.isForced(slot) ? `${text}${FORCED}` : text,
      type: typeName(slot.shape),
      variablesReference: isOpen ? this.#containers.create({ level, content: { kind: 'slot', slot } }) : 0,
      ...(slot.path === null ? {} : { evaluateName: slot.path }),
      ...(named > 0 ? { namedVariables: named } : {}),
      ...(indexed > 0 ? { indexedVariables: indexed } : {}),
      ...hintOf(slot, isOpen),
    };
  }

  #forcedMarks(level: number | null): ForcedMarks {
    const run = this.#run;
    const { forces } = run.simulation;
    if (forces.length === 0) return { isForced: () => false };
    const frame: Frame | null = level === null ? null : (run.engine.frames[level] ?? null);
    return {
      isForced(slot) {
        if (slot.path === null || isAggregate(slot.shape)) return false;
        const found = run.tagOf(slot.path, frame);
        return 'tag' in found && run.isForced(found.tag);
      },
    };
  }
}

interface ForcedMarks {
  isForced(slot: Slot): boolean;
}

/** Stands behind the value of a forced variable. */
const FORCED = ' (forced)';

/** A value as a person sends it back: the mark that this view has put behind it is no part of it. */
export function withoutMark(text: string): string {
  return text.endsWith(FORCED) ? text.slice(0, -FORCED.length) : text;
}

function hintOf(slot: Slot, isOpen: boolean): { presentationHint?: DebugProtocol.VariablePresentationHint } {
  if (slot.write === null && !isOpen) return { presentationHint: { attributes: ['readOnly'] } };
  return isInstance(slot.shape) ? { presentationHint: { kind: 'class' } } : {};
}

function isInstance(shape: Shape): boolean {
  return shape.kind === 'object' || shape.kind === 'interface';
}
