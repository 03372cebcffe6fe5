import type { EngineName } from '../../core/fleet/engine-choice.js';

/** What the extension asks of the process that works on a run. */
export type RunOrder =
  | {
      readonly kind: 'start';
      readonly fleetFile: string;
      readonly migrationFile: string;
      readonly sites: readonly string[];
      readonly dryRun: boolean;
      readonly engine: EngineName;
      readonly concurrency: number;
      readonly startedBy: string;
    }
  | { readonly kind: 'resume'; readonly fleetFile: string; readonly run: string; readonly engine: EngineName };

/** What that process reports. The record of the run is on disk; these messages only make the views prompt. */
export type RunMessage =
  | { readonly kind: 'event' }
  | { readonly kind: 'progress'; readonly site: string; readonly message: string }
  | { readonly kind: 'ended'; readonly run: string; readonly state: string }
  | { readonly kind: 'refused'; readonly reason: string };

/** Reads a message of the process; what is not one of ours is null. */
export function runMessageOf(value: unknown): RunMessage | null {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return null;
  const text = (key: string): string => String(Object.entries(value).find(([name]) => name === key)?.[1] ?? '');
  switch (value.kind) {
    case 'event':
      return { kind: 'event' };
    case 'progress':
      return { kind: 'progress', site: text('site'), message: text('message') };
    case 'ended':
      return { kind: 'ended', run: text('run'), state: text('state') };
    case 'refused':
      return { kind: 'refused', reason: text('reason') };
    default:
      return null;
  }
}
