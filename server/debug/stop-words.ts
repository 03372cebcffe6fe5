import type { Stop } from '../../core/simulation/debug/debug-engine.js';

/** How a stop is told: `reason` is a word of the protocol, the rest is for people. */
export interface StopWords {
  readonly reason: string;
  readonly description: string;
  readonly text?: string;
}

export function wordsFor({ reason, position }: Stop, step: 'entry' | 'step'): StopWords {
  switch (reason.kind) {
    case 'exception':
      return { reason: 'exception', description: 'Paused on failure', text: reason.finding.message };
    case 'data-breakpoint':
      return { reason: 'data breakpoint', description: `Changed: ${reason.text}`, text: reason.text };
    case 'breakpoint':
      return { reason: 'breakpoint', description: 'Paused on breakpoint' };
    case 'scan':
      return { reason: 'step', description: `Paused in scan ${position.scan}` };
    case 'goto':
      return { reason: 'goto', description: `Paused in scan ${position.scan}` };
    case 'pause':
      return { reason: 'pause', description: 'Paused' };
    case 'entry':
    case 'step':
      return { reason: step, description: step === 'entry' ? 'Paused on entry' : 'Paused on step' };
  }
}
