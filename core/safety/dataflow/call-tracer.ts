/** Follows calls: what a function, method, block, accessor or library reads and writes for its caller. */

import type { ResolvedCall } from '../../language/semantics/model.js';
import {
  type CodeSymbol,
  keyOf,
  type MethodSymbol,
  type PouSymbol,
  type PropertySymbol,
} from '../../language/semantics/symbols.js';
import type { Argument, Body, Call, Expression, Span } from '../../language/syntax/tree.js';
import { variablesOf } from '../program-tree.js';
import { type Location, shapeOf } from './location.js';
import type { Place } from './places.js';
import type { CodeOwner, Frame } from './trace.js';
import type { Context } from './trace-recorder.js';
import { ValueTracer } from './value-tracer.js';

const MAX_DEPTH = 60;

export abstract class CallTracer extends ValueTracer {
  protected abstract runBody(body: Body | null, context: Context): void;

  protected call(call: Call, context: Context, into: Location[]): void {
    const address = this.addressArgument(call);
    if (address !== null) {
      for (const target of this.places.placeOf(address, context.frame)?.locations ?? []) {
        this.addressesTaken.push({ target, frame: context.frame, node: call });
      }
      return;
    }
    const resolved = this.project.model.callOf(call);
    const target = resolved?.target ?? null;
    const enable =
      call.arguments.find((argument) => argument.name !== null && keyOf(argument.name.name) === 'EN')?.value ?? null;
    const inner =
      enable === null ? context : { ...context, condition: this.under(enable, this.readsOf(enable, context), context) };
    const type = this.project.model.typeOf(call.callee);
    const instance = this.instanceOf(call, resolved, target, inner);
    this.calls.push({
      order: ++this.order,
      call,
      instances: instance?.locations ?? [],
      typeName: type.kind === 'pou' ? type.pou.name : (target?.name ?? ''),
      target,
      enable,
      frame: inner.frame,
      condition: inner.condition,
      guard: this.guardOf(inner.frame),
      branch: inner.branch,
      task: this.task,
    });
    if (target?.kind === 'method' && target.owner.kind === 'interface') {
      this.callThroughInterface(call, resolved, target, instance, inner, into);
      return;
    }
    if (target === null || !this.hasBody(target)) {
      this.callLibrary(call, resolved, target, instance, inner, into);
      return;
    }
    if (target.kind === 'action') {
      for (const self of instance?.locations ?? [inner.frame.self])
        this.enter(call, resolved, target, self, target.owner, inner, into);
    } else if (target.kind === 'method') {
      const owner = target.owner.kind === 'pou' ? target.owner : inner.frame.selfType;
      for (const self of instance?.locations ?? [inner.frame.self])
        this.enter(call, resolved, target, self, owner, inner, into);
    } else if (target.pouKind === 'function') {
      this.enter(call, resolved, target, keyOf(target.qualifiedName), null, inner, into);
    } else {
      for (const self of instance?.locations ?? this.places.locateProgram(target))
        this.enter(call, resolved, target, self, target, inner, into);
    }
  }

  /** Every instance that the interface variable may stand for; unknown ones may do anything to themselves. */
  protected callThroughInterface(
    call: Call,
    resolved: ResolvedCall | null,
    target: MethodSymbol,
    instance: Place | null,
    context: Context,
    into: Location[],
  ): void {
    const known = (instance?.locations ?? []).filter((self) => this.instanceTypes.has(shapeOf(self)));
    if (known.length === 0) this.callLibrary(call, resolved, target, instance, context, into);
    for (const self of known) this.enter(call, resolved, target, self, this.typeOfInstance(self, null), context, into);
  }

  protected instanceOf(
    call: Call,
    resolved: ResolvedCall | null,
    target: CodeSymbol | null,
    context: Context,
  ): Place | null {
    if (resolved?.instance) return this.places.placeOf(resolved.instance, context.frame);
    if (target?.kind === 'method' || target?.kind === 'action') {
      const { callee } = call;
      if (callee.kind !== 'Member') return null;
      return this.places.placeOf(callee.object, context.frame);
    }
    if (target?.kind === 'pou' && target.pouKind === 'function') return null;
    return this.places.placeOf(call.callee, context.frame);
  }

  protected enter(
    call: Call,
    resolved: ResolvedCall | null,
    target: CodeSymbol,
    self: Location,
    selfType: PouSymbol | null,
    context: Context,
    into: Location[],
  ): void {
    if (target.kind !== 'pou' && target.kind !== 'method' && target.kind !== 'action') return;
    const file = target.site?.file;
    if (file === undefined) return;
    if (isRunning(target, self, context.frame)) return;
    if (context.frame.depth > MAX_DEPTH) {
      this.isTruncated = true;
      return;
    }
    const ownType = selfType === null ? null : this.typeOfInstance(self, selfType);
    const declaredIn = superCall(call) ? target : this.dispatch(target, ownType);
    const callId = this.activations + 1;
    const hasOwnLocals = target.kind === 'method' || (target.kind === 'pou' && target.pouKind === 'function');
    const locals = hasOwnLocals ? `${self}.${keyOf(target.name)}#${callId}` : self;
    const bindings = new Map<NonNullable<ResolvedCall['bindings'][number]['parameter']>, readonly Location[]>();
    const parameterHome = hasOwnLocals ? locals : self;
    for (const binding of resolved?.bindings ?? []) {
      const { argument, parameter } = binding;
      const name = keyOf(binding.parameterName);
      if (name === 'EN' || name === 'ENO') continue;
      if (binding.direction === 'in') this.bindInput(argument, `${parameterHome}.${name}`, context);
      if (binding.direction === 'in-out' && argument.value !== null) {
        const place = this.places.placeOf(argument.value, context.frame);
        if (place === null) continue;
        if (parameter !== null) bindings.set(parameter, place.locations);
        if (!hasOwnLocals) this.remember(`${self}.${name}`, place.locations);
      }
    }
    const frame = this.frame({
      file: declaredIn.site?.file ?? file,
      owner: declaredIn,
      selfType: ownType,
      self,
      locals,
      caller: context.frame,
      bindings,
    });
    this.runBody(bodyOf(declaredIn), { ...context, frame });
    this.endOf.set(frame.activation, this.order);
    for (const binding of resolved?.bindings ?? []) {
      if (binding.direction === 'out')
        this.bindOutput(binding.argument, `${parameterHome}.${keyOf(binding.parameterName)}`, context);
    }
    if (hasOwnLocals) {
      const result = `${locals}.${keyOf(target.name)}`;
      this.keepResult(call, context.frame, result);
      into.push(result);
    }
  }

  protected callLibrary(
    call: Call,
    resolved: ResolvedCall | null,
    target: CodeSymbol | null,
    instance: Place | null,
    context: Context,
    into: Location[],
  ): void {
    const names = new Map<Argument, string>();
    for (const binding of resolved?.bindings ?? []) names.set(binding.argument, keyOf(binding.parameterName));
    const isBlock =
      instance !== null && target?.kind !== 'method' && !(target?.kind === 'pou' && target.pouKind === 'function');
    const reads: Location[] = [];
    for (const argument of call.arguments) {
      const name = names.get(argument) ?? keyOf(argument.name?.name ?? `#${call.arguments.indexOf(argument)}`);
      if (argument.direction === 'out' || argument.value === null) continue;
      if (isBlock) {
        for (const location of instance.locations) {
          this.bindInput(argument, `${location}.${name}`, context);
          reads.push(`${location}.${name}`);
        }
      } else this.read(argument.value, context, reads);
      const binding = resolved?.bindings.find((candidate) => candidate.argument === argument);
      // A library may write what is passed by reference; an unknown callee may do so with every variable.
      if (binding?.direction === 'in-out') this.write('unknown', argument.value, [...reads], null, argument, context);
    }
    if (isBlock) {
      for (const location of instance.locations) {
        const outputs =
          target?.kind === 'pou' ? variablesOf(target).filter((variable) => variable.scope === 'output') : [];
        const inputs =
          target?.kind === 'pou'
            ? variablesOf(target)
                .filter((variable) => variable.scope === 'input')
                .map((variable) => `${location}.${keyOf(variable.name)}`)
            : reads;
        const targets =
          outputs.length === 0 ? [location] : outputs.map((variable) => `${location}.${keyOf(variable.name)}`);
        this.push('library', targets, instance.isCertain, instance.isAlias, inputs, null, call, context);
      }
    } else if (instance !== null) {
      reads.push(...instance.locations);
      this.push('unknown', instance.locations, false, instance.isAlias, [...reads], null, call, context);
    }
    for (const argument of call.arguments) {
      if (argument.direction !== 'out' || argument.value === null) continue;
      const name = names.get(argument) ?? keyOf(argument.name?.name ?? '');
      const sources = isBlock ? instance.locations.map((location) => `${location}.${name}`) : [...reads];
      this.write('output', argument.value, sources, null, argument, context, argument.isNegated);
    }
    into.push(...(isBlock ? instance.locations : reads));
  }

  protected bindInput(argument: Argument, target: Location, context: Context): void {
    if (argument.value === null) return;
    const sources = this.readsOf(argument.value, context);
    this.push('input', [target], true, false, sources, argument.value, argument, context, argument.isNegated);
    if (this.addressArgument(argument.value) !== null || this.isPointer(argument.value))
      this.point([target], argument.value, context);
    const type = this.project.model.typeOf(argument.value);
    if (type.kind !== 'elementary') this.rememberReference(target, argument.value, context);
  }

  /** A REFERENCE TO input refers to what is passed; harmless for other types, whose pointers are never followed. */
  protected rememberReference(target: Location, value: Expression, context: Context): void {
    const place = this.places.pointerPlaceOf(value, context.frame);
    for (const location of place?.locations ?? []) {
      const known = this.pointsTo.get(shapeOf(location));
      if (known !== undefined) this.remember(target, [...known]);
    }
  }

  protected bindOutput(argument: Argument, source: Location, context: Context): void {
    if (argument.value === null) return;
    this.write('output', argument.value, [source], null, argument, context, argument.isNegated);
  }

  protected runGetter(expression: Expression, property: PropertySymbol, context: Context, into: Location[]): void {
    const body = property.declaration?.get?.body ?? null;
    if (property === context.frame.owner) {
      into.push(`${context.frame.locals}.${keyOf(property.name)}`);
      return;
    }
    this.runAccessor(
      expression,
      property,
      body,
      context,
      (locals) => {
        const result = `${locals}.${keyOf(property.name)}`;
        this.keepResult(expression, context.frame, result);
        into.push(result);
      },
      null,
    );
  }

  protected runSetter(
    target: Expression,
    property: PropertySymbol,
    value: Expression,
    sources: readonly Location[],
    node: Span,
    context: Context,
  ): void {
    if (property === context.frame.owner) {
      this.push(
        'assign',
        [`${context.frame.locals}.${keyOf(property.name)}`],
        true,
        false,
        sources,
        value,
        node,
        context,
      );
      return;
    }
    const body = property.declaration?.set?.body ?? null;
    this.runAccessor(target, property, body, context, null, (locals) =>
      this.push('input', [`${locals}.${keyOf(property.name)}`], true, false, sources, value, node, context),
    );
  }

  protected runAccessor(
    expression: Expression,
    property: PropertySymbol,
    body: Body | null,
    context: Context,
    after: ((locals: Location) => void) | null,
    before: ((locals: Location) => void) | null,
  ): void {
    const owner = property.owner.kind === 'pou' ? property.owner : null;
    const selfs =
      expression.kind === 'Member'
        ? (this.places.placeOf(expression.object, context.frame)?.locations ?? [])
        : [context.frame.self];
    const file = property.site?.file ?? context.frame.file;
    for (const self of selfs) {
      const locals = `${self}.${keyOf(property.name)}#${this.activations + 1}`;
      if (body === null || isRunning(property, self, context.frame) || context.frame.depth > MAX_DEPTH) {
        // An accessor of a library or an interface: it may depend on all of the instance.
        this.push('unknown', [`${locals}.${keyOf(property.name)}`], false, false, [self], null, expression, context);
        before?.(locals);
        after?.(locals);
        continue;
      }
      before?.(locals);
      const frame = this.frame({ file, owner: property, selfType: owner, self, locals, caller: context.frame });
      this.runBody(body, { ...context, frame });
      this.endOf.set(frame.activation, this.order);
      after?.(locals);
    }
  }
}

function isRunning(target: CodeOwner, self: Location, frame: Frame): boolean {
  for (let current: Frame | null = frame; current !== null; current = current.caller) {
    if (current.owner === target && (current.self === self || target.kind === 'pou')) return true;
  }
  return false;
}

/** `SUPER^.Check()` runs the method of the base although the instance has its own. */
function superCall(call: Call): boolean {
  let object: Expression = call.callee;
  while (object.kind === 'Member' || object.kind === 'Dereference' || object.kind === 'Parenthesized') {
    object = object.kind === 'Parenthesized' ? object.expression : object.object;
  }
  return object.kind === 'Self' && object.which === 'SUPER';
}

function bodyOf(owner: CodeOwner): Body | null {
  if (owner.kind === 'property') return null;
  const declaration: PouSymbol['declaration'] | MethodSymbol['declaration'] | { body: Body } | null = owner.declaration;
  return declaration?.body ?? null;
}
