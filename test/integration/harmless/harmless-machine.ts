/**
 * How a machine and its everyday edits are written down. Every edit is what an engineer or an agent does in practice
 * and leaves the machine as safe as it was, or safer; its twin is the same kind of edit with one dangerous slip.
 */

/** Paths relative to the site and their texts. */
export type Files = Readonly<Record<string, string>>;

/** One step of an edit: the files before, the files after. Throws when its place is not there. */
export type Step = (files: Files) => Files;

export interface HarmlessEdit {
  readonly title: string;
  readonly edit: readonly Step[];
  /** The same kind of edit with a dangerous slip. */
  readonly twin?: readonly Step[];
}

export interface RefusedEdit {
  readonly title: string;
  readonly edit: readonly Step[];
  /** Why a person should look at it, although it is harmless. */
  readonly because: string;
}

export interface HarmlessMachine {
  readonly name: string;
  readonly files: Files;
  readonly edits: readonly HarmlessEdit[];
  readonly refused?: readonly RefusedEdit[];
}

/** Replaces the first place of `from` in a file. */
export const inFile =
  (file: string) =>
  (from: string, to: string): Step =>
  (files) => {
    const text = files[file] ?? '';
    if (!text.includes(from)) throw new Error(`${file} has no "${from}"`);
    return { ...files, [file]: text.replace(from, () => to) };
  };

/** Renames a word in every file, the manifest, scenarios and tests included. */
export const renamed =
  (from: string, to: string): Step =>
  (files) => {
    const word = new RegExp(`\\b${from}\\b`, 'g');
    if (!Object.values(files).some((text) => word.test(text))) throw new Error(`no file has the word "${from}"`);
    return Object.fromEntries(Object.entries(files).map(([path, text]) => [path, text.replace(word, () => to)]));
  };

export const added =
  (file: string, text: string): Step =>
  (files) => ({ ...files, [file]: text });

export const removed =
  (file: string): Step =>
  (files) => {
    const { [file]: gone, ...rest } = files;
    if (gone === undefined) throw new Error(`there is no ${file}`);
    return rest;
  };

/** The files of a site after all steps of an edit. */
export const applied = (files: Files, steps: readonly Step[]): Files => steps.reduce((now, step) => step(now), files);
