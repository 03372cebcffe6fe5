/** How a machine of the red team is written down: its files, and the edits that are asked of the verifiers. */

/** Paths relative to the site and their texts. */
export type Files = Readonly<Record<string, string>>;

/** A replacement in one file; `from` must occur once or more, and its first place is meant. */
export type Replacement = readonly [file: string, from: string, to: string];

export interface Edit {
  readonly title: string;
  readonly replacements: readonly Replacement[];
  /** Files that the edit adds. */
  readonly added?: Files;
  /** Files that the edit deletes. */
  readonly removed?: readonly string[];
}

export interface RedTeamMachine {
  readonly name: string;
  readonly files: Files;
  readonly unsafe: readonly Edit[];
  readonly harmless: readonly Edit[];
  /** Harmless in the eyes of an engineer, and refused on the safe side: what they change has no known safe direction. */
  readonly refused?: readonly Edit[];
}

/** Edits that touch one file only. */
export const inFile =
  (file: string) =>
  (title: string, ...pairs: readonly (readonly [from: string, to: string])[]): Edit => ({
    title,
    replacements: pairs.map(([from, to]) => [file, from, to]),
  });

/** The files of a site after an edit. */
export function applied(files: Files, { title, replacements, added = {}, removed = [] }: Edit): Files {
  const after: Record<string, string> = { ...files };
  for (const [file, from, to] of replacements) {
    const text = after[file] ?? '';
    if (!text.includes(from)) throw new Error(`${title}: ${file} has no "${from}"`);
    after[file] = text.replace(from, () => to);
  }
  for (const file of removed) delete after[file];
  return { ...after, ...added };
}
