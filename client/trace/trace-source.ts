import { memberOf } from '../../core/base/member.js';
import type { InputChange, TraceSource } from '../testing/simulator-protocol.js';

/** Reads the source of a trace that a window or a command gives; what is not one is null. */
export function traceSourceOf(value: unknown): TraceSource | null {
  const text = (key: string): string | null => {
    const member = memberOf(value, key);
    return typeof member === 'string' ? member : null;
  };
  const root = text('root');
  switch (text('kind')) {
    case 'file': {
      const path = text('path');
      return path === null ? null : { kind: 'file', path };
    }
    case 'check': {
      const id = text('id');
      return root === null || id === null ? null : { kind: 'check', root, id, revision: text('revision') };
    }
    case 'case': {
      const title = text('title');
      const what = caseOf(memberOf(value, 'what'));
      if (root === null || title === null || what === null) return null;
      return { kind: 'case', root, revision: text('revision'), title, what };
    }
    case 'program': {
      const [file, dialect, program] = [text('file'), text('dialect'), text('program')];
      const durationNs = memberOf(value, 'durationNs');
      const inputs = memberOf(value, 'inputs');
      if (file === null || dialect === null || program === null) return null;
      if (typeof durationNs !== 'number' || !(durationNs > 0)) return null;
      const held = Array.isArray(inputs) ? inputs.map(String) : [];
      return { kind: 'program', root, file, dialect, program, durationNs, inputs: held };
    }
    default:
      return null;
  }
}

function caseOf(value: unknown): Extract<TraceSource, { kind: 'case' }>['what'] | null {
  const scenario = memberOf(value, 'scenario');
  if (typeof scenario === 'string') return { scenario };
  const [inputs, scans, tags] = [memberOf(value, 'inputs'), memberOf(value, 'scans'), memberOf(value, 'tags')];
  if (!Array.isArray(inputs) || typeof scans !== 'number' || !Array.isArray(tags)) return null;
  return { inputs: inputs.flatMap((each: unknown) => inputOf(each) ?? []), scans, tags: tags.map(String) };
}

function inputOf(each: unknown): InputChange | null {
  const [scan, tag, value] = [memberOf(each, 'scan'), memberOf(each, 'tag'), memberOf(each, 'value')];
  const isValue = typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string';
  return typeof scan === 'number' && typeof tag === 'string' && isValue ? { scan, tag, value } : null;
}

/** Two sources with one key give the same trace, and share a window. */
export function keyOfSource(source: TraceSource): string {
  return JSON.stringify(source);
}
