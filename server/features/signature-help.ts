import type { SignatureHelp } from 'vscode-languageserver/node';
import { keyOf } from '../../core/language/semantics/symbols.js';
import { describeType } from '../../core/language/semantics/type-names.js';
import type { Call } from '../../core/language/syntax/tree.js';
import { nodesAt } from '../../core/language/syntax/walk.js';
import { commentOf, parametersOf } from '../symbols/describe-symbol.js';
import type { CheckedFile } from '../workspace/unit.js';

/** The parameters of the innermost call around an offset. */
export function signatureHelpAt({ file, project }: CheckedFile, offset: number): SignatureHelp | null {
  const call = nodesAt(file, offset).findLast((node): node is Call => node.kind === 'Call' && offset > node.callee.end);
  if (call === undefined) return null;
  const target = project.model.callOf(call)?.target ?? null;
  if (target === null || target.kind === 'action') return null;
  const parameters = parametersOf(target);
  const labels = parameters.map(
    ({ name, type, scope }) => `${name} ${scope === 'output' ? '=>' : ':='} ${describeType(type)}`,
  );
  const result = target.returnType.kind === 'void' ? '' : ` : ${describeType(target.returnType)}`;
  return {
    signatures: [
      {
        label: `${target.name}(${labels.join(', ')})${result}`,
        documentation: commentOf(target),
        parameters: labels.map((label, index) => {
          const parameter = parameters[index];
          return { label, documentation: parameter === undefined ? '' : commentOf(parameter) };
        }),
      },
    ],
    activeSignature: 0,
    activeParameter: activeParameter(
      call,
      offset,
      file.text,
      parameters.map(({ name }) => name),
    ),
  };
}

/** By name where the argument has one, else by the number of commas before the offset. */
function activeParameter(call: Call, offset: number, text: string, names: readonly string[]): number {
  const argument = call.arguments.find(({ start, end }) => start <= offset && offset <= end);
  const named = argument?.name;
  if (named != null) return names.findIndex((name) => keyOf(name) === keyOf(named.name));
  const before = call.arguments.filter(({ end }) => end < offset);
  const commaAfterLast = text.slice(before.at(-1)?.end ?? offset, offset).includes(',');
  return before.length - (before.length > 0 && !commaAfterLast ? 1 : 0);
}
