/** Follows expressions: what is read and what is written. What calls do is followed by the tracer that extends it. */

import type { PropertySymbol } from '../../language/semantics/symbols.js';
import type { AssignmentOperator, Call, Expression, Span } from '../../language/syntax/tree.js';
import { type Location, shapeOf } from './location.js';
import type { WriteKind } from './trace.js';
import { type Context, TraceRecorder } from './trace-recorder.js';

export abstract class ValueTracer extends TraceRecorder {
  protected abstract call(call: Call, context: Context, into: Location[]): void;
  protected abstract runGetter(
    expression: Expression,
    property: PropertySymbol,
    context: Context,
    into: Location[],
  ): void;
  protected abstract runSetter(
    target: Expression,
    property: PropertySymbol,
    value: Expression,
    sources: readonly Location[],
    node: Span,
    context: Context,
  ): void;

  protected assign(
    target: Expression,
    operator: AssignmentOperator,
    value: Expression,
    node: Span,
    context: Context,
  ): void {
    const sources = this.readsOf(value, context);
    const property = this.propertyOf(target);
    if (property !== null) {
      this.runSetter(target, property, value, sources, node, context);
      return;
    }
    const pointer = this.places.pointerPlaceOf(target, context.frame);
    const isPointer = this.isPointer(target);
    if (operator === 'REF=' || isPointer) {
      if (pointer !== null) this.point(pointer.locations, value, context);
      if (operator === 'REF=' && pointer !== null) {
        this.push('assign', pointer.locations, pointer.isCertain, false, sources, null, node, context);
        return;
      }
    }
    if (operator !== ':=' && operator !== 'S=' && operator !== 'R=' && operator !== '?=')
      this.read(target, context, sources);
    const kind: WriteKind = operator === 'S=' ? 'set' : operator === 'R=' ? 'reset' : 'assign';
    const isPlain = operator === ':=' || operator === 'S=' || operator === 'R=';
    this.write(kind, target, sources, isPlain ? value : null, node, context);
  }

  protected write(
    kind: WriteKind,
    target: Expression,
    sources: Location[],
    value: Expression | null,
    node: Span,
    context: Context,
    isNegated = false,
  ): void {
    this.readIndices(target, context, sources);
    const place = this.places.placeOf(target, context.frame);
    if (place === null) return;
    this.pushPlace(kind, place, sources, value, node, context, isNegated);
  }

  /** Records what a pointer may point to: `ADR(x)`, `REF(x)`, `x` behind REF=, or what another pointer points to. */
  protected point(pointers: readonly Location[], value: Expression, context: Context): void {
    const targets = new Set<Location>();
    const address = this.addressArgument(value);
    if (address !== null) {
      for (const location of this.places.placeOf(address, context.frame)?.locations ?? []) targets.add(location);
    } else {
      const raw = this.places.pointerPlaceOf(value, context.frame);
      for (const location of raw?.locations ?? []) {
        const known = this.pointsTo.get(shapeOf(location));
        if (known !== undefined) for (const target of known) targets.add(target);
        else if (!this.isPointer(value) && value.kind !== 'Literal') targets.add(location);
      }
    }
    for (const pointer of pointers) {
      const key = shapeOf(pointer);
      const known = this.pointsTo.get(key) ?? new Set();
      for (const target of targets) known.add(target);
      if (known.size > 0) this.pointsTo.set(key, known);
    }
  }

  protected readsOf(expression: Expression, context: Context): Location[] {
    const into: Location[] = [];
    this.read(expression, context, into);
    return into;
  }

  protected read(expression: Expression, context: Context, into: Location[]): void {
    switch (expression.kind) {
      case 'Name':
      case 'Member':
      case 'Index':
      case 'Dereference':
      case 'Partial':
      case 'DirectAddress': {
        const property = this.propertyOf(expression);
        if (property !== null) {
          this.runGetter(expression, property, context, into);
          return;
        }
        const place = this.places.placeOf(expression, context.frame);
        if (place !== null) into.push(...place.locations);
        if (place?.isAlias) into.push(...(this.places.pointerPlaceOf(expression, context.frame)?.locations ?? []));
        this.readIndices(expression, context, into);
        return;
      }
      case 'Call':
        this.call(expression, context, into);
        return;
      case 'Unary':
        this.read(expression.operand, context, into);
        return;
      case 'Binary':
        this.read(expression.left, context, into);
        this.read(expression.right, context, into);
        return;
      case 'Parenthesized':
        this.read(expression.expression, context, into);
        return;
      case 'AssignmentExpression':
        this.assign(expression.target, expression.operator, expression.value, expression, context);
        this.read(expression.target, context, into);
        return;
      case 'ArrayInitializer':
        for (const element of expression.elements) for (const value of element.values) this.read(value, context, into);
        return;
      case 'StructInitializer':
        for (const member of expression.members) if (member.value) this.read(member.value, context, into);
        return;
      default:
        return;
    }
  }

  /** Which element is touched depends on the index; calls and properties on the way run as well. */
  protected readIndices(expression: Expression, context: Context, into: Location[]): void {
    if (expression.kind === 'Index') for (const index of expression.indices) this.read(index, context, into);
    if (
      expression.kind === 'Index' ||
      expression.kind === 'Member' ||
      expression.kind === 'Dereference' ||
      expression.kind === 'Partial'
    ) {
      this.readIndices(expression.object, context, into);
    }
  }
}
