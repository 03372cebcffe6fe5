/**
 * What the checker found out about nodes: one table per project, read through `SemanticModel`.
 *
 * A line of program has about six nodes, so what follows from other facts is not stored: the type of a name is that of
 * its symbol, an expression and the identifier in it have one symbol, and the operands of `a + b` have its type.
 */

import type { Call, Expression, Identifier, NamedTypeNode, TypeNode } from '../syntax/tree.js';
import type { SyntaxNode } from '../syntax/walk.js';
import { BOOL_TYPE, elementaryNamed } from './elementary-types.js';
import type { ConstantValue, ResolvedCall, SemanticModel } from './model.js';
import { type CodeSymbol, keyOf } from './symbols.js';
import { type Type, UNKNOWN_TYPE } from './types.js';

/** What is known of a node beyond a single symbol or type. */
class NodeFacts {
  type: Type | undefined = undefined;
  operandType: Type | undefined = undefined;
  symbol: CodeSymbol | undefined = undefined;
  call: ResolvedCall | undefined = undefined;
}

/** An identifier has a symbol, a type node a type, and an expression a type or several facts. */
type Fact = CodeSymbol | Type | NodeFacts;

/** One kind of fact, by node. */
export interface Facts<Node, Value> {
  get(node: Node): Value | undefined;
  set(node: Node, value: Value): void;
}

export class FactTable {
  readonly #facts = new Map<SyntaxNode, Fact>();
  /** Operators with the same two types share what is known of them. */
  readonly #operators = new Map<Type, Map<Type, NodeFacts>>();

  readonly types: Facts<Expression, Type> = {
    get: (node) => this.#typeOf(node),
    set: (node, type) => this.#setType(node, type),
  };
  readonly operandTypes: Facts<Expression, Type> = {
    get: (node) => {
      const fact = this.#facts.get(node);
      return fact instanceof NodeFacts ? fact.operandType : undefined;
    },
    set: (node, type) => {
      this.#factsOf(node).operandType = type;
    },
  };
  readonly symbols: Facts<Expression | Identifier, CodeSymbol> = {
    get: (node) => this.#symbolOf(node),
    set: (node, symbol) => {
      const holder = holderOfSymbol(node);
      if (holder.kind === 'Identifier') this.#facts.set(holder, symbol);
      else this.#factsOf(holder).symbol = symbol;
    },
  };
  readonly typeNodes: Facts<TypeNode, Type> = {
    get: (node) => this.resolvedTypeOf(node) ?? this.#elementaryOf(node),
    set: (node, type) => {
      if (this.#elementaryOf(node) === type) this.#facts.delete(node);
      else this.#facts.set(node, type);
    },
  };
  readonly calls: Facts<Call, ResolvedCall> = {
    get: (node) => {
      const fact = this.#facts.get(node);
      return fact instanceof NodeFacts ? fact.call : undefined;
    },
    set: (node, call) => {
      this.#factsOf(node).call = call;
    },
  };

  /** The type that a resolver recorded for a node; elementary types by their plain names are not recorded. */
  resolvedTypeOf(node: TypeNode): Type | undefined {
    return this.#facts.get(node) as Type | undefined;
  }

  /** Forgets what is known of a node, and nothing of the nodes below it. */
  forget(node: SyntaxNode): void {
    this.#facts.delete(node);
  }

  #symbolOf(node: Expression | Identifier): CodeSymbol | undefined {
    const fact = this.#facts.get(holderOfSymbol(node));
    if (fact instanceof NodeFacts) return fact.symbol;
    return node.kind === 'Identifier' || isNamed(node) ? (fact as CodeSymbol | undefined) : undefined;
  }

  #typeOf(node: Expression): Type | undefined {
    const fact = this.#facts.get(node);
    if (fact === undefined) return this.#impliedType(node);
    return fact instanceof NodeFacts ? fact.type : (fact as Type);
  }

  #setType(node: Expression, type: Type): void {
    const fact = this.#facts.get(node);
    if (fact instanceof NodeFacts) {
      if (fact.type !== type) this.#facts.set(node, this.#withType(this.#factsOf(node), type));
      return;
    }
    if (isImplied(this.#impliedType(node), type)) {
      if (fact !== undefined) this.#facts.delete(node);
    } else this.#facts.set(node, type);
  }

  /** The facts of a node after its type is known, as small as they can be. */
  #withType(facts: NodeFacts, type: Type): Fact {
    const { operandType, symbol, call } = facts;
    facts.type = type;
    if (symbol !== undefined || call !== undefined || operandType === undefined) return facts;
    if (operandType === type) return type;
    if (type.kind !== 'elementary' || operandType.kind !== 'elementary') return facts;
    const shared = this.#operators.get(type) ?? new Map<Type, NodeFacts>();
    this.#operators.set(type, shared);
    const known = shared.get(operandType);
    if (known !== undefined) return known;
    shared.set(operandType, Object.freeze(facts));
    return facts;
  }

  /** The facts of one node, to be changed. */
  #factsOf(node: Expression): NodeFacts {
    const known = this.#facts.get(node);
    if (known instanceof NodeFacts && !Object.isFrozen(known)) return known;
    const facts = new NodeFacts();
    if (known instanceof NodeFacts) Object.assign(facts, known);
    else facts.type = known as Type | undefined;
    this.#facts.set(node, facts);
    return facts;
  }

  #impliedType(node: Expression): Type | undefined {
    if (isNamed(node)) {
      const symbol = this.#facts.get(holderOfSymbol(node)) as CodeSymbol | undefined;
      return symbol?.kind === 'variable' || symbol?.kind === 'enum-value' ? symbol.type : undefined;
    }
    return node.kind === 'Literal' && node.typePrefix === null ? typeOfPlainLiteral(node) : undefined;
  }

  /** The elementary type that a plain name stands for, unless a declaration took the name. */
  #elementaryOf(node: TypeNode): Type | undefined {
    const name = node.kind === 'NamedType' ? plainNameOf(node) : null;
    if (name === null || this.#facts.has(name)) return undefined;
    return elementaryNamed(keyOf(name.name)) ?? undefined;
  }
}

function isNamed(node: Expression): node is Extract<Expression, { kind: 'Name' | 'Member' }> {
  return node.kind === 'Name' || node.kind === 'Member';
}

/** A name and a member have the symbol of their identifier. */
function holderOfSymbol(node: Expression | Identifier): Expression | Identifier {
  if (node.kind === 'Name') return node.name;
  return node.kind === 'Member' ? node.member : node;
}

function plainNameOf({ name }: NamedTypeNode): Identifier | null {
  const [first] = name.parts;
  return name.parts.length === 1 && first !== undefined ? first : null;
}

/** The type of TRUE, 5 or 1.5. A number without a type has a type of its own, with its value. */
function typeOfPlainLiteral({ literalKind, value }: Extract<Expression, { kind: 'Literal' }>): Type | undefined {
  if (literalKind === 'bool') return BOOL_TYPE;
  if (literalKind !== 'integer' && literalKind !== 'real') return undefined;
  return {
    kind: 'literal',
    class: literalKind,
    value: typeof value === 'bigint' || typeof value === 'number' ? value : null,
  };
}

function isImplied(implied: Type | undefined, type: Type): boolean {
  if (implied === type) return true;
  return (
    implied?.kind === 'literal' &&
    type.kind === 'literal' &&
    implied.class === type.class &&
    Object.is(implied.value, type.value)
  );
}

/** The model over a table. `constantOf` is asked lazily: most expressions are never asked for their value. */
export function createModel(
  facts: FactTable,
  constantOf: (expression: Expression) => ConstantValue | null,
): SemanticModel {
  return {
    typeOf: (expression) => facts.types.get(expression) ?? UNKNOWN_TYPE,
    operandTypeOf: (expression) => facts.operandTypes.get(expression) ?? facts.types.get(expression) ?? UNKNOWN_TYPE,
    symbolOf: (node) => facts.symbols.get(node) ?? null,
    typeOfNode: (node) => facts.typeNodes.get(node) ?? UNKNOWN_TYPE,
    constantOf,
    callOf: (call) => facts.calls.get(call) ?? null,
  };
}
