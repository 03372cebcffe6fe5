/** What the checker found out about nodes: one table per project, read through `SemanticModel`. */

import type { Call, Expression, Identifier, TypeNode } from '../syntax/tree.js';
import type { ConstantValue, ResolvedCall, SemanticModel } from './model.js';
import type { CodeSymbol } from './symbols.js';
import { type Type, UNKNOWN_TYPE } from './types.js';

export interface FactTable {
  readonly types: Map<Expression, Type>;
  readonly operandTypes: Map<Expression, Type>;
  readonly symbols: Map<Expression | Identifier, CodeSymbol>;
  readonly typeNodes: Map<TypeNode, Type>;
  readonly constants: Map<Expression, ConstantValue>;
  readonly calls: Map<Call, ResolvedCall>;
}

export function createFactTable(): FactTable {
  return {
    types: new Map(),
    operandTypes: new Map(),
    symbols: new Map(),
    typeNodes: new Map(),
    constants: new Map(),
    calls: new Map(),
  };
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
