import { digestOf } from '../../base/digest.js';
import type { Migration } from '../../site/migration.js';

/** A migration as a prompt file gives it, reduced to what a recipe looks at. */
export function migrationOf(parts: Partial<Migration> = {}): Migration {
  return {
    file: 'prompts/safety-interlock-update.md',
    name: 'safety-interlock-update',
    version: '1.0.0',
    title: 'Safety interlocks with redundant monitoring',
    kind: 'safety',
    targets: { plcTypes: [], firmwareVersion: null, safetyRatings: [], tags: [] },
    recipe: 'safety-interlock',
    touches: ['guard', 'light_curtain', 'safety_mat', 'reset'],
    mayChange: null,
    mustNotChange: ['**/emergency_stop*', '**/certified_*'],
    sections: { goal: '', preconditions: '', examples: '', doNotChange: '', successCriteria: '', notes: '' },
    examples: [],
    text: '',
    digest: digestOf(''),
    ...parts,
  };
}
