/** Requests about breakpoints: at lines, on data, on failures. */

import type { DebugProtocol } from '@vscode/debugprotocol';
import { parseExpression } from '../../core/language/syntax/parser.js';
import { type Breakpoint, parseHitCondition } from '../../core/simulation/debug/breakpoints.js';
import type { DebugRun } from '../../core/simulation/debug/debug-run.js';
import type { Tag } from '../../core/simulation/tags.js';
import { type Answer, frameAt, type Handlers, levelOf, Refusal, type SessionContext } from './session-context.js';

export function breakpointHandlers(context: SessionContext): Handlers {
  let lastId = 0;
  const nextId = (): number => ++lastId;
  return {
    setBreakpoints: (args: DebugProtocol.SetBreakpointsArguments) => setBreakpoints(context, args, nextId),
    breakpointLocations: (args: DebugProtocol.BreakpointLocationsArguments) => locations(context, args),
    setExceptionBreakpoints: ({ filters }: DebugProtocol.SetExceptionBreakpointsArguments) => {
      const { run, launch } = context.running();
      const on = new Set(launch.noDebug === true ? [] : filters);
      run.exceptions = { faults: on.has('fault'), assertions: on.has('assertion') };
      return {};
    },
    exceptionInfo: () => {
      const reason = context.standsAt?.reason;
      if (reason?.kind !== 'exception') throw new Refusal('Nothing has failed here.');
      const { code, message } = reason.finding;
      return { body: { exceptionId: code, description: message, breakMode: 'always' } };
    },
    dataBreakpointInfo: (args: DebugProtocol.DataBreakpointInfoArguments) => {
      const found = tagOf(context, args);
      if ('problem' in found) return { body: { dataId: null, description: found.problem } };
      const { name } = found.tag;
      return { body: { dataId: name, description: name, accessTypes: ['write'], canPersist: true } };
    },
    setDataBreakpoints: ({ breakpoints }: DebugProtocol.SetDataBreakpointsArguments) => {
      const { run } = context.running();
      const tags: Tag[] = [];
      const set = breakpoints.map(({ dataId }) => {
        const tag = run.simulation.tag(dataId);
        if (tag === null) return { verified: false, message: `There is no variable ${dataId}.` };
        tags.push(tag);
        return { verified: true };
      });
      run.breakpoints.setData(tags);
      return { body: { breakpoints: set } };
    },
  };
}

function setBreakpoints(
  context: SessionContext,
  { source, breakpoints: wanted = [] }: DebugProtocol.SetBreakpointsArguments,
  nextId: () => number,
): Answer {
  const { run, paths, launch } = context.running();
  const { lines } = context;
  const path = source.path === undefined ? null : paths.relative(source.path);
  if (path === null) {
    const message = 'The file is no part of the program that runs.';
    return { body: { breakpoints: wanted.map(() => ({ id: nextId(), verified: false, message })) } };
  }
  const set: Breakpoint[] = [];
  const breakpoints = wanted.map((each): DebugProtocol.Breakpoint => {
    const id = nextId();
    const statement = run.probe.table.statementAt(path, lines.fromClient(each.line));
    if (statement === null) return { id, verified: false, message: 'There is no statement on this line.' };
    const message = problemOf(run, each);
    if (message !== null) return { id, verified: false, message };
    const hits = textOf(each.hitCondition);
    set.push({
      id,
      site: statement.site,
      condition: textOf(each.condition),
      hits: hits === null ? null : parseHitCondition(hits),
      message: textOf(each.logMessage),
    });
    return {
      id,
      verified: true,
      source: paths.source(statement.file.path),
      line: lines.toClient(statement.line),
      endLine: lines.toClient(statement.endLine),
    };
  });
  run.breakpoints.set(path, launch.noDebug === true ? [] : set);
  return { body: { breakpoints } };
}

function problemOf(run: DebugRun, { condition, hitCondition }: DebugProtocol.SourceBreakpoint): string | null {
  const text = textOf(condition);
  const [error] = text === null ? [] : parseExpression(text, run.simulation.project.dialect).errors;
  if (error !== undefined) return `condition: ${error.message}`;
  const hits = textOf(hitCondition);
  if (hits !== null && parseHitCondition(hits) === null)
    return `hit count "${hits}": write a number, or one of = > >= < <= % and a number`;
  return null;
}

function locations(
  context: SessionContext,
  { source, line, endLine }: DebugProtocol.BreakpointLocationsArguments,
): Answer {
  const { run, paths } = context.running();
  const path = source.path === undefined ? null : paths.relative(source.path);
  const from = context.lines.fromClient(line);
  const to = endLine === undefined ? from : context.lines.fromClient(endLine);
  const found = (path === null ? [] : run.probe.table.statementsOf(path)).map((each) => each.line);
  const inside = new Set(found.filter((each) => from <= each && each <= to));
  return { body: { breakpoints: [...inside].map((each) => ({ line: context.lines.toClient(each) })) } };
}

function tagOf(
  context: SessionContext,
  { name, variablesReference, frameId }: DebugProtocol.DataBreakpointInfoArguments,
): { readonly tag: Tag } | { readonly problem: string } {
  const running = context.running();
  if (variablesReference === undefined) return running.run.tagOf(name, frameAt(running, levelOf(frameId)));
  const child = running.view.child(variablesReference, name);
  if (child === null || child.slot.path === null) return { problem: `${name} is no variable` };
  return running.run.tagOf(child.slot.path, frameAt(running, child.level));
}

function textOf(text: string | undefined): string | null {
  return text === undefined || text.trim() === '' ? null : text;
}
