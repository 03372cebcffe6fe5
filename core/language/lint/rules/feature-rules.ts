import { body } from '../../diagnostics/diagnostic.js';
import { bare, textOf } from '../expressions.js';
import { at, type LintReport, type LintRule } from '../lint-rule.js';
import type { LintView } from '../lint-view.js';

/** Declarations of one elementary type. */
function* ofType(view: LintView, name: string, advice: string): Iterable<LintReport> {
  for (const { node, file } of view.nodes('VariableDeclaration')) {
    const type = view.model.typeOfNode(node.type);
    const isWide = name === 'WSTRING' && type.kind === 'string' && type.isWide;
    if (isWide || (type.kind === 'elementary' && type.name === name))
      yield at(file, node.type, `${name} is used. ${advice}`);
  }
}

const POINTERS = 'p : POINTER TO INT;\n  q : POINTER TO INT;\n  x : INT;\n  b : BOOL;';

/** Features that some plants keep out of their code: PLCopen E1 to E3. */
export const FEATURE_RULES: readonly LintRule[] = [
  {
    code: 'PW5161',
    name: 'dynamic-memory',
    title: 'Memory is taken while the program runs',
    explanation: 'It can run out after months, in the middle of production. Declare what is needed.',
    default: 'info',
    guideline: ['PCG E1'],
    bad: body('p := __NEW(INT);', POINTERS),
    good: body('p := ADR(x);', POINTERS),
    *check(view) {
      for (const { node, file } of view.nodes('Call'))
        if (node.callee.kind === 'Name' && node.callee.name.name.toUpperCase() === '__NEW')
          yield at(file, node, 'Memory that is taken at run time can run out. Declare a variable instead.');
    },
  },
  {
    code: 'PW5162',
    name: 'pointer-arithmetic',
    title: 'A pointer is computed',
    explanation: 'A pointer that was computed can point anywhere. An array with an index is checked.',
    default: 'info',
    guideline: ['PCG E2', 'SA0061', 'SA0064', 'SA0065'],
    bad: body('p := p + SIZEOF(INT);', POINTERS),
    good: body('p := ADR(x);', POINTERS),
    *check(view) {
      for (const { node, file } of view.nodes('Binary'))
        if (['+', '-', '*', '/'].includes(node.operator) && [node.left, node.right].some((one) => isPointer(view, one)))
          yield at(file, node, 'This computes a pointer. Use an array and an index.');
    },
  },
  {
    code: 'PW5163',
    name: 'pointer-comparison',
    title: 'Pointers are compared by order',
    explanation: 'Where variables lie in memory is up to the compiler.',
    default: 'info',
    guideline: ['PCG E3'],
    bad: body('b := p < q;', POINTERS),
    good: body('b := p = q;', POINTERS),
    *check(view) {
      for (const { node, file } of view.nodes('Binary'))
        if (['<', '>', '<=', '>='].includes(node.operator) && isPointer(view, node.left) && isPointer(view, node.right))
          yield at(file, node, 'The order of addresses means nothing. Compare pointers for equality only.');
    },
  },
  {
    code: 'PW5164',
    name: 'pointer',
    title: 'A pointer is declared',
    explanation: 'Through a pointer any variable can be written. VAR_IN_OUT says which one is meant.',
    default: 'off',
    guideline: ['PCG E2', 'SA0111'],
    bad: body('', 'p : POINTER TO INT;'),
    good: body('', 'p : INT;'),
    *check(view) {
      for (const { node, file } of view.nodes('PointerType'))
        if (node.pointerKind !== 'reference')
          yield at(file, node, 'A pointer is declared. Use VAR_IN_OUT or an array.');
    },
  },
  {
    code: 'PW5165',
    name: 'reference',
    title: 'A reference is declared',
    explanation: 'A reference that was not bound stops the program when it is used.',
    default: 'off',
    guideline: ['SA0112'],
    bad: body('', 'p : REFERENCE TO INT;'),
    good: body('', 'p : INT;'),
    *check(view) {
      for (const { node, file } of view.nodes('PointerType'))
        if (node.pointerKind === 'reference') yield at(file, node, 'A reference is declared. Use VAR_IN_OUT.');
    },
  },
  {
    code: 'PW5166',
    name: 'wstring',
    title: 'WSTRING is used',
    explanation: 'Small controllers and many panels only know STRING.',
    default: 'off',
    guideline: ['SA0113'],
    bad: body('', 's : WSTRING;'),
    good: body('', 's : STRING;'),
    check: (view) => ofType(view, 'WSTRING', 'Use STRING.'),
  },
  {
    code: 'PW5167',
    name: 'ltime',
    title: 'LTIME is used',
    explanation: 'Controllers of 32 bits do not know it, and edition 2 of IEC 61131-3 neither.',
    default: 'off',
    guideline: ['SA0114'],
    bad: body('', 't : LTIME;'),
    good: body('', 't : TIME;'),
    check: (view) => ofType(view, 'LTIME', 'Use TIME.'),
  },
  {
    code: 'PW5168',
    name: 'union',
    title: 'A UNION is declared',
    explanation: 'What its members mean to each other depends on the order of bytes of the controller.',
    default: 'off',
    guideline: ['SA0115'],
    bad: 'TYPE U : UNION\n  w : WORD;\n  i : INT;\nEND_UNION;\nEND_TYPE\n',
    good: 'TYPE U : STRUCT\n  w : WORD;\n  i : INT;\nEND_STRUCT;\nEND_TYPE\n',
    *check(view) {
      for (const { node, file } of view.nodes('StructType'))
        if (node.isUnion)
          yield at(
            file,
            { start: node.start, end: Math.min(node.end, node.start + 5) },
            'A UNION is declared. Convert the value instead.',
          );
    },
  },
  {
    code: 'PW5169',
    name: 'object-orientation',
    title: 'A block has methods, or extends another one',
    explanation: 'Plants that keep to classic function blocks want none of it.',
    default: 'off',
    guideline: ['SA0119'],
    bad: 'FUNCTION_BLOCK Pump\nMETHOD Run\nEND_METHOD\nEND_FUNCTION_BLOCK\n',
    good: 'FUNCTION_BLOCK Pump\nEND_FUNCTION_BLOCK\n',
    *check(view) {
      for (const { node, file } of view.nodes('Pou'))
        if (node.methods.length + node.properties.length + node.extends.length + node.implements.length > 0)
          yield at(
            file,
            node.name,
            `"${node.name.name}" has methods or properties, or extends or implements something.`,
          );
    },
  },
  {
    code: 'PW5170',
    name: 'null-dereference',
    title: 'A pointer is used that was never set',
    explanation: 'Nothing gives the pointer an address, so using it stops the program.',
    default: 'warning',
    guideline: ['SA0039', 'SA0145'],
    bad: body('x := p^;', POINTERS),
    good: body('p := ADR(x);\nx := p^;', POINTERS),
    *check(view) {
      for (const { node, file, inside } of view.nodes('Dereference')) {
        const target = bare(node.object);
        const symbol = target.kind === 'Name' ? view.model.symbolOf(target) : null;
        if (symbol?.kind !== 'variable' || symbol.type.kind !== 'pointer' || symbol.initializer !== null) continue;
        if ((symbol.scope !== 'local' && symbol.scope !== 'temporary') || view.isOpaque(inside?.pou ?? null)) continue;
        if (symbol.owner?.kind === 'pou' && view.bases.has(symbol.owner)) continue;
        const uses = view.usesOf(symbol);
        if (uses.every(({ kind }) => kind === 'read'))
          yield at(
            file,
            node,
            `Nothing ever gives "${symbol.name}" an address. Set it, for example with ADR, before it is used.`,
          );
      }
    },
  },
  {
    code: 'PW5171',
    name: 'address-of-constant',
    title: 'The address of a constant is taken',
    explanation: 'Through the pointer the constant can be written, which nobody expects.',
    default: 'info',
    guideline: ['SA0007'],
    bad: 'PROGRAM Main\nVAR CONSTANT\n  LIMIT1 : INT := 5;\nEND_VAR\nVAR\n  p : POINTER TO INT;\nEND_VAR\np := ADR(LIMIT1);\nEND_PROGRAM\n',
    good: body('p := ADR(x);', POINTERS),
    *check(view) {
      for (const { node, file } of view.nodes('Call')) {
        const value = node.arguments[0]?.value;
        if (node.callee.kind !== 'Name' || node.callee.name.name.toUpperCase() !== 'ADR' || value == null) continue;
        const symbol = view.model.symbolOf(bare(value));
        if (symbol?.kind === 'variable' && symbol.isConstant)
          yield at(file, value, `"${textOf(file, value)}" is a constant, and a pointer could write it.`);
      }
    },
  },
];

function isPointer(view: LintView, expression: Parameters<typeof bare>[0]): boolean {
  const type = view.model.typeOf(bare(expression));
  return type.kind === 'pointer' && type.pointerKind !== 'reference';
}
