import { closeBlock, isClosingKeyword, openBlock } from './blocks.js';
import { parseArguments, parsePostfix, parseQualifiedName, parseValue } from './expressions.js';
import { readAsBlockKeyword } from './misspellings.js';
import { parseSection, startsSection } from './sections.js';
import { keywordText, Token } from './token.js';
import type { TokenCursor } from './token-cursor.js';
import type {
  AccessPath,
  Configuration,
  Expression,
  Identifier,
  InstanceInitializer,
  ProgramInstance,
  Resource,
  TaskDeclaration,
  VariableSection,
} from './tree.js';
import { endDeclaration, parseLocation, parseType } from './types.js';

/** `CONFIGURATION … END_CONFIGURATION`. */
export function parseConfiguration(p: TokenCursor): Configuration {
  const { start } = p;
  p.requireFeature('configurations', p);
  openBlock(p, Token.END_CONFIGURATION);
  p.advance();
  const name = p.expectName('the name of the configuration');
  const sections: VariableSection[] = [];
  const resources: Resource[] = [];
  const tasks: TaskDeclaration[] = [];
  const programs: ProgramInstance[] = [];
  const accessPaths: AccessPath[] = [];
  const instanceInitializers: InstanceInitializer[] = [];
  while (p.kind !== Token.END_CONFIGURATION && p.kind !== Token.End && !startsForeignDeclaration(p)) {
    if (startsSection(p)) sections.push(parseSection(p));
    else if (p.kind === Token.RESOURCE) resources.push(parseResource(p));
    else if (p.kind === Token.TASK) tasks.push(parseTask(p));
    else if (p.kind === Token.PROGRAM) programs.push(parseProgramInstance(p));
    else if (p.kind === Token.VAR_ACCESS) for (const path of parseAccessPaths(p)) accessPaths.push(path);
    else if (p.kind === Token.VAR_CONFIG)
      for (const initializer of parseInstanceInitializers(p)) instanceInitializers.push(initializer);
    else if (!skipUnknown(p, 'a RESOURCE, TASK, PROGRAM or section of variables')) break;
  }
  closeBlock(p, Token.END_CONFIGURATION, 'CONFIGURATION', start);
  p.accept(Token.Semicolon);
  return {
    kind: 'Configuration',
    start,
    end: p.endFrom(start),
    name,
    sections,
    resources,
    tasks,
    programs,
    accessPaths,
    instanceInitializers,
  };
}

/** A `VAR_CONFIG` that stands alone, as in CODESYS: a configuration without a name. */
export function parseLooseInstanceInitializers(p: TokenCursor): Configuration {
  const { start } = p;
  const name: Identifier = { ...p.missingName(), start, end: start };
  const instanceInitializers = parseInstanceInitializers(p);
  return {
    kind: 'Configuration',
    start,
    end: p.endFrom(start),
    name,
    sections: [],
    resources: [],
    tasks: [],
    programs: [],
    accessPaths: [],
    instanceInitializers,
  };
}

/** `RESOURCE … END_RESOURCE` of a CODESYS 2.3 export: tasks with the calls of their programs. */
export function parseExportedResource(p: TokenCursor): Configuration {
  const { start } = p;
  openBlock(p, Token.END_RESOURCE);
  p.advance();
  const sections: VariableSection[] = [];
  const tasks: TaskDeclaration[] = [];
  const programs: ProgramInstance[] = [];
  while (p.kind !== Token.END_RESOURCE && p.kind !== Token.End && !startsForeignDeclaration(p)) {
    if (startsSection(p)) sections.push(parseSection(p));
    else if (p.kind === Token.TASK && p.isName(1)) tasks.push(exportedTask(p, programs));
    else p.advance();
  }
  closeBlock(p, Token.END_RESOURCE, 'RESOURCE', start);
  return {
    kind: 'Configuration',
    start,
    end: p.endFrom(start),
    name: { ...p.missingName(), start, end: start },
    sections,
    resources: [],
    tasks,
    programs,
    accessPaths: [],
    instanceInitializers: [],
  };
}

/** `TASK Fast (PRIORITY := 0, INTERVAL := t#10ms) Prog1(); END_TASK`. */
function exportedTask(p: TokenCursor, programs: ProgramInstance[]): TaskDeclaration {
  const { start } = p;
  p.advance();
  const name = p.takeName();
  const list = p.kind === Token.LeftParenthesis ? parseArguments(p) : [];
  const value = (parameter: string): Expression | null =>
    list.find((argument) => argument.name?.name.toUpperCase() === parameter)?.value ?? null;
  while (!p.isWord(0, 'END_TASK') && p.kind !== Token.TASK && p.kind !== Token.END_RESOURCE && p.kind !== Token.End) {
    if (!p.isName()) {
      p.advance();
      continue;
    }
    const program = p.takeName();
    const type = { kind: 'QualifiedName', start: program.start, end: program.end, parts: [program] } as const;
    if (p.kind === Token.LeftParenthesis) parseArguments(p);
    const end = p.previousEnd;
    programs.push({
      kind: 'ProgramInstance',
      start: program.start,
      end,
      name: program,
      task: name,
      type,
      arguments: [],
    });
  }
  if (p.isWord(0, 'END_TASK')) p.advance();
  return {
    kind: 'Task',
    start,
    end: p.endFrom(start),
    name,
    single: value('SINGLE'),
    interval: value('INTERVAL'),
    priority: value('PRIORITY'),
  };
}

/** A POU that starts although the configuration isn't closed; an instance of a program goes on in its line. */
function startsForeignDeclaration(p: TokenCursor): boolean {
  return (
    p.kind === Token.FUNCTION ||
    p.kind === Token.FUNCTION_BLOCK ||
    p.kind === Token.TYPE ||
    p.kind === Token.CONFIGURATION ||
    (p.kind === Token.PROGRAM && p.isFirstOnLine && p.isName(1) && p.isFirstOnLineAt(2))
  );
}

/** Reports a token that has no place here and skips its line; false at a keyword that ends something else. */
function skipUnknown(p: TokenCursor, expected: string): boolean {
  if (p.accept(Token.Semicolon)) return true;
  if (p.kind === Token.Identifier && readAsBlockKeyword(p)) return true;
  if (isClosingKeyword(p.kind)) return false;
  p.reportMissing('PW1003', expected);
  do p.advance();
  while (p.kind !== Token.Semicolon && p.kind !== Token.End && !p.isFirstOnLine && !isClosingKeyword(p.kind));
  p.accept(Token.Semicolon);
  return true;
}

function parseResource(p: TokenCursor): Resource {
  const { start } = p;
  openBlock(p, Token.END_RESOURCE);
  p.advance();
  const name = p.expectName('the name of the resource');
  const processor = p.accept(Token.ON) ? p.expectName('the name of the processor') : null;
  const sections: VariableSection[] = [];
  const tasks: TaskDeclaration[] = [];
  const programs: ProgramInstance[] = [];
  while (p.kind !== Token.END_RESOURCE && p.kind !== Token.End && !startsForeignDeclaration(p)) {
    if (startsSection(p)) sections.push(parseSection(p));
    else if (p.kind === Token.TASK) tasks.push(parseTask(p));
    else if (p.kind === Token.PROGRAM) programs.push(parseProgramInstance(p));
    else if (!skipUnknown(p, 'a TASK, PROGRAM or section of variables')) break;
  }
  closeBlock(p, Token.END_RESOURCE, 'RESOURCE', start);
  p.accept(Token.Semicolon);
  return { kind: 'Resource', start, end: p.endFrom(start), name, processor, sections, tasks, programs };
}

/** `TASK Fast (INTERVAL := T#10ms, PRIORITY := 1);`. */
function parseTask(p: TokenCursor): TaskDeclaration {
  const { start } = p;
  p.advance();
  const name = p.expectName('the name of the task');
  const list = p.kind === Token.LeftParenthesis ? parseArguments(p) : [];
  const value = (parameter: string): Expression | null =>
    list.find((argument) => argument.name?.name.toUpperCase() === parameter)?.value ?? null;
  for (const argument of list) {
    const parameter = argument.name?.name.toUpperCase() ?? '';
    if (parameter !== 'SINGLE' && parameter !== 'INTERVAL' && parameter !== 'PRIORITY') {
      p.note('PW1003', argument, 'Expected SINGLE, INTERVAL or PRIORITY with its value.');
    }
  }
  p.expect(Token.Semicolon, 'PW1005', "';' after the task");
  return {
    kind: 'Task',
    start,
    end: p.endFrom(start),
    name,
    single: value('SINGLE'),
    interval: value('INTERVAL'),
    priority: value('PRIORITY'),
  };
}

/** `PROGRAM RETAIN Inst WITH Task : Type (x := 1);`. */
function parseProgramInstance(p: TokenCursor): ProgramInstance {
  const { start } = p;
  p.advance();
  if ((p.kind === Token.RETAIN || p.kind === Token.NON_RETAIN) && p.isName(1)) p.advance();
  const name = p.expectName('the name of the program');
  const task = p.accept(Token.WITH) ? p.expectName('the name of a task') : null;
  p.expect(Token.Colon, 'PW1003', "':' and the type of the program");
  const type = parseQualifiedName(p, 'the type of the program');
  const list = p.kind === Token.LeftParenthesis ? parseArguments(p) : [];
  p.expect(Token.Semicolon, 'PW1005', "';' after the program");
  return { kind: 'ProgramInstance', start, end: p.endFrom(start), name, task, type, arguments: list };
}

/** `VAR_ACCESS name : path : TYPE READ_ONLY; … END_VAR`. */
export function parseAccessPaths(p: TokenCursor): AccessPath[] {
  return entries(p, accessPath);
}

function parseInstanceInitializers(p: TokenCursor): InstanceInitializer[] {
  return entries(p, instanceInitializer);
}

function entries<T>(p: TokenCursor, parseEntry: (p: TokenCursor) => T): T[] {
  const { start, kind } = p;
  const list: T[] = [];
  openBlock(p, Token.END_VAR);
  p.advance();
  while (p.kind !== Token.END_VAR && p.kind !== Token.End && !isClosingKeyword(p.kind)) {
    if (p.accept(Token.Semicolon)) continue;
    const before = p.index;
    list.push(parseEntry(p));
    if (p.index === before) p.advance();
  }
  closeBlock(p, Token.END_VAR, keywordText(kind), start);
  return list;
}

function accessPath(p: TokenCursor): AccessPath {
  const name = p.expectName('the name of an access path');
  p.expect(Token.Colon, 'PW1003', "':' and the variable");
  const target = parsePostfix(p);
  p.expect(Token.Colon, 'PW1003', "':' and the type of the variable");
  const type = parseType(p, 'variable');
  const direction = p.accept(Token.READ_ONLY) ? 'READ_ONLY' : p.accept(Token.READ_WRITE) ? 'READ_WRITE' : null;
  endDeclaration(p, type);
  return { kind: 'AccessPath', start: name.start, end: p.endFrom(name.start), name, target, type, direction };
}

function instanceInitializer(p: TokenCursor): InstanceInitializer {
  const path = [p.expectName('the path of a variable')];
  while (p.accept(Token.Dot)) path.push(p.expectName('a member name'));
  const start = path[0]?.start ?? p.start;
  const location = parseLocation(p);
  p.expect(Token.Colon, 'PW1003', "':' and the type of the variable");
  const type = parseType(p, 'variable');
  const initializer = p.accept(Token.Assign) ? parseValue(p) : null;
  endDeclaration(p, type);
  return { kind: 'InstanceInitializer', start, end: p.endFrom(start), path, location, type, initializer };
}
