/** What a tracer writes down while it follows a program: events in their order, frames, early exits, pointers. */

import type { Project } from '../../language/semantics/model.js';
import { type CodeSymbol, keyOf, type PouSymbol, type PropertySymbol } from '../../language/semantics/symbols.js';
import type { Expression, SourceFile, Span, Statement } from '../../language/syntax/tree.js';
import { isUncertain, type Location, shapeOf } from './location.js';
import { createPlaceResolver, type Place, type PlaceResolver, type PointsTo } from './places.js';
import type { AddressMap } from './process-image.js';
import type {
  AddressTaken,
  Branch,
  CallEvent,
  CodeOwner,
  Condition,
  ExitEvent,
  Frame,
  WriteEvent,
  WriteKind,
} from './trace.js';

/** A program with more events is not followed to its end; the trace says so. */
const MAX_EVENTS = 400_000;

/** What surrounds the statement that is being followed. */
export interface Context {
  readonly frame: Frame;
  readonly condition: Condition | null;
  readonly branch: Branch | null;
}

export class TraceRecorder {
  readonly pointsTo: Map<string, Set<Location>>;
  protected readonly project: Project;
  protected readonly places: PlaceResolver;
  protected readonly addresses: AddressMap;
  protected readonly instanceTypes: ReadonlyMap<string, PouSymbol>;
  protected readonly writes: WriteEvent[] = [];
  protected readonly calls: CallEvent[] = [];
  protected readonly exits: ExitEvent[] = [];
  protected readonly addressesTaken: AddressTaken[] = [];
  protected readonly wildWrites: WriteEvent[] = [];
  protected readonly endOf = new Map<number, number>();
  /** Result locations by expression and activation. */
  protected readonly results = new Map<Expression, Map<number, Location>>();
  /** Early exits passed so far, by activation. */
  protected readonly guards = new Map<number, Condition | null>();
  protected order = 0;
  protected activations = 0;
  protected task = 0;
  protected isTruncated = false;

  constructor(project: Project, known: PointsTo, addresses: AddressMap, instanceTypes: ReadonlyMap<string, PouSymbol>) {
    this.project = project;
    this.instanceTypes = instanceTypes;
    this.addresses = addresses;
    this.pointsTo = new Map([...known].map(([pointer, targets]) => [pointer, new Set(targets)]));
    this.places = createPlaceResolver(project, known);
  }

  protected frame(parts: {
    file: SourceFile;
    owner: CodeOwner;
    selfType: PouSymbol | null;
    self: Location;
    locals: Location;
    caller: Frame | null;
    bindings?: Frame['bindings'];
  }): Frame {
    return { bindings: new Map(), ...parts, activation: ++this.activations, depth: (parts.caller?.depth ?? 0) + 1 };
  }

  protected programFrame(location: Location, pou: PouSymbol): Frame | null {
    const file = pou.site?.file;
    return file === undefined
      ? null
      : this.frame({ file, owner: pou, selfType: pou, self: location, locals: location, caller: null });
  }

  protected arm(statement: Statement, arm: number, isComplete: boolean, context: Context): Branch {
    return { statement, activation: context.frame.activation, arm, isComplete, outer: context.branch };
  }

  protected under(expression: Expression, reads: readonly Location[], context: Context): Condition {
    return { expression, reads, holds: true, frame: context.frame, outer: context.condition };
  }

  /** What follows an early exit depends on the conditions of that exit. */
  protected leave(statement: Statement, context: Context): void {
    const { frame, condition, branch } = context;
    this.exits.push({ order: ++this.order, statement, frame, condition, branch });
    const reads: Location[] = [];
    for (let inner = condition; inner !== null && inner.frame === frame; inner = inner.outer)
      reads.push(...inner.reads);
    if (reads.length === 0) return;
    this.guards.set(frame.activation, { expression: null, reads, holds: false, frame, outer: this.guardOf(frame) });
  }

  protected guardOf(frame: Frame): Condition | null {
    for (let current: Frame | null = frame; current !== null; current = current.caller) {
      const guard = this.guards.get(current.activation);
      if (guard !== undefined) return guard;
    }
    return null;
  }

  protected pushPlace(
    kind: WriteKind,
    place: Place,
    sources: readonly Location[],
    value: Expression | null,
    node: Span,
    context: Context,
    isNegated = false,
  ): void {
    const first = this.writes.length;
    this.push(kind, place.locations, place.isCertain, place.isAlias, sources, value, node, context, isNegated);
    if (place.isWild) this.wildWrites.push(...this.writes.slice(first));
  }

  protected push(
    kind: WriteKind,
    targets: readonly Location[],
    isCertain: boolean,
    isAlias: boolean,
    sources: readonly Location[],
    value: Expression | null,
    node: Span,
    context: Context,
    isNegated = false,
  ): void {
    if (this.writes.length + targets.length > MAX_EVENTS) {
      this.isTruncated = true;
      return;
    }
    const order = ++this.order;
    const guard = this.guardOf(context.frame);
    for (const target of targets) {
      this.writes.push({
        kind,
        order,
        target,
        sources,
        value,
        isNegated,
        frame: context.frame,
        node,
        condition: context.condition,
        guard,
        branch: context.branch,
        isCertain: isCertain && !isUncertain(target),
        isAlias,
        task: this.task,
      });
    }
  }

  protected keepResult(expression: Expression, frame: Frame, result: Location): void {
    const byActivation = this.results.get(expression) ?? new Map<number, Location>();
    byActivation.set(frame.activation, result);
    this.results.set(expression, byActivation);
  }

  protected remember(pointer: Location, targets: readonly Location[]): void {
    const key = shapeOf(pointer);
    const known = this.pointsTo.get(key) ?? new Set();
    for (const target of targets) known.add(target);
    this.pointsTo.set(key, known);
  }

  protected isPointer(target: Expression): boolean {
    const symbol = target.kind === 'Name' || target.kind === 'Member' ? this.project.model.symbolOf(target) : null;
    if (symbol?.kind !== 'variable') return false;
    return (
      symbol.type.kind === 'interface' || (symbol.type.kind === 'pointer' && symbol.type.pointerKind !== 'reference')
    );
  }

  protected addressArgument(value: Expression): Expression | null {
    if (value.kind === 'Parenthesized') return this.addressArgument(value.expression);
    if (value.kind !== 'Call' || value.callee.kind !== 'Name') return null;
    const name = keyOf(value.callee.name.name);
    return name === 'ADR' || name === 'REF' ? (value.arguments[0]?.value ?? null) : null;
  }

  protected propertyOf(expression: Expression): PropertySymbol | null {
    if (expression.kind !== 'Name' && expression.kind !== 'Member') return null;
    const symbol = this.project.model.symbolOf(expression);
    return symbol?.kind === 'property' ? symbol : null;
  }

  /** The type of the instance that lives at a location: that of its declaration, not that of the code that is run on it. */
  protected typeOfInstance(self: Location, fallback: PouSymbol | null): PouSymbol | null {
    return this.instanceTypes.get(shapeOf(self)) ?? fallback;
  }

  /** A method called on THIS or through an interface is that of the instance's own type. */
  protected dispatch(target: CodeOwner, selfType: PouSymbol | null): CodeOwner {
    if (target.kind !== 'method') return target;
    const seen = new Set<PouSymbol>();
    for (let pou = selfType; pou !== null && !seen.has(pou); pou = pou.base) {
      seen.add(pou);
      const method = pou.methods.get(keyOf(target.name));
      if (method !== undefined) return method;
    }
    return target;
  }

  protected hasBody(target: CodeSymbol): boolean {
    if (target.kind === 'action') return true;
    if (target.kind === 'pou') return !target.isLibrary && target.declaration !== null;
    return target.kind === 'method' && target.declaration !== null && target.owner.kind === 'pou';
  }
}
