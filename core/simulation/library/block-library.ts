/**
 * The models of library blocks, compiled from ST when a program first uses one. Each block is a small project of its
 * own, so a program pays only for what it instantiates.
 */

import type { SemanticsProfile } from '../../language/dialects/dialect.js';
import type { Project } from '../../language/semantics/model.js';
import { buildProject } from '../../language/semantics/project.js';
import { keyOf, type PouSymbol } from '../../language/semantics/symbols.js';
import { parseSourceFile } from '../../language/syntax/parser.js';
import type { SourceFile } from '../../language/syntax/tree.js';
import type { BlockLibrary } from '../lower/program.js';
import { codesysBlocks } from './codesys-blocks.js';
import { commandBlocks } from './command-blocks.js';
import { logixModels } from './logix-instructions.js';
import { mutingBlocks } from './muting-blocks.js';
import { safetyBlocks } from './safety-blocks.js';
import { siemensSafetyBlocks } from './siemens-safety-blocks.js';
import { standardBlocks } from './standard-blocks.js';

const CLOCKS = 'VAR_GLOBAL SIM_NOW : TIME; SIM_NOW_L : LTIME; END_VAR\n';

/** ST texts of the models by upper-case name of the library block. */
export function modelTexts(profile: SemanticsProfile): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const text of [
    ...standardBlocks(profile),
    ...codesysBlocks(profile),
    ...safetyBlocks(),
    ...commandBlocks(),
    ...mutingBlocks(),
    ...siemensSafetyBlocks(),
    ...logixModels(),
  ]) {
    const name = /FUNCTION_BLOCK\s+SIM_(\w+)/.exec(text)?.[1];
    if (name !== undefined) texts.set(keyOf(name), text);
  }
  return texts;
}

/** Memo by identity: a profile never changes, and neither does a model once it is compiled. */
const LIBRARIES = new WeakMap<SemanticsProfile, BlockLibrary>();

/** The models of a profile. A block without a model stays unknown to the simulator. */
export function blockLibrary(profile: SemanticsProfile): BlockLibrary {
  const known = LIBRARIES.get(profile);
  if (known !== undefined) return known;
  const library = createBlockLibrary(profile);
  LIBRARIES.set(profile, library);
  return library;
}

function createBlockLibrary(profile: SemanticsProfile): BlockLibrary {
  const texts = modelTexts(profile);
  const models = new Map<string, PouSymbol | null>();
  const projects = new Map<SourceFile, Project>();

  function compile(key: string): PouSymbol | null {
    const text = texts.get(key);
    if (text === undefined) return null;
    const file = parseSourceFile(`library/${key}.st`, CLOCKS + text, 'codesys');
    const project = buildProject({ files: [file], dialect: 'codesys', entry: null, cycle: 10_000_000n });
    projects.set(file, project);
    return project.pous.find((pou) => keyOf(pou.name) === `SIM_${key}`) ?? null;
  }

  function modelNamed(name: string): PouSymbol | null {
    const key = keyOf(name);
    const known = models.get(key);
    if (known !== undefined) return known;
    const model = compile(key);
    models.set(key, model);
    return model;
  }

  return {
    modelOf: (block) => modelNamed(block.name),
    modelNamed,
    projectOf: (file) => projects.get(file) ?? null,
    clockOf(variable) {
      if (variable.site === null || !projects.has(variable.site.file)) return null;
      if (keyOf(variable.name) === 'SIM_NOW') return 'time';
      return keyOf(variable.name) === 'SIM_NOW_L' ? 'ltime' : null;
    },
  };
}
