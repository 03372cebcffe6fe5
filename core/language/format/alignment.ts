/** Columns of neighbouring declarations. */

export type DeclarationParts =
  | { readonly kind: 'other'; readonly text: string }
  | {
      readonly kind: 'declaration';
      /** True when a blank line stands before it: columns are not aligned across blank lines. */
      readonly startsGroup: boolean;
      readonly name: string;
      /** From the colon on. With the semicolon when there is no value. */
      readonly type: string;
      /** From `:=` to the semicolon. */
      readonly value: string | null;
      readonly comment: string | null;
    };

type Declaration = Extract<DeclarationParts, { kind: 'declaration' }>;

/** The lines as text, with the columns of each run of declarations aligned. */
export function alignDeclarations(lines: readonly DeclarationParts[]): string[] {
  const result: string[] = [];
  let group: Declaration[] = [];
  const flush = (): void => {
    result.push(...alignGroup(group));
    group = [];
  };
  for (const line of lines) {
    if (line.kind === 'other') {
      flush();
      result.push(line.text);
      continue;
    }
    if (line.startsGroup) flush();
    group.push(line);
  }
  flush();
  return result;
}

function alignGroup(group: readonly Declaration[]): string[] {
  const nameWidth = widest(group.map((line) => line.name));
  const typeWidth = widest(group.filter((line) => line.value !== null).map((line) => line.type));
  const declarations = group.map((line) => {
    const start = `${line.name.padEnd(nameWidth)} ${line.type}`;
    return line.value === null ? start : `${line.name.padEnd(nameWidth)} ${line.type.padEnd(typeWidth)} ${line.value}`;
  });
  const width = widest(declarations.filter((_, index) => group[index]?.comment !== null));
  return declarations.map((declaration, index) => {
    const comment = group[index]?.comment ?? null;
    return comment === null ? declaration : `${declaration.padEnd(width)} ${comment}`;
  });
}

function widest(texts: readonly string[]): number {
  return texts.reduce((width, text) => Math.max(width, text.length), 0);
}
