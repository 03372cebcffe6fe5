import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { decodeText } from '../../base/decode.js';
import { siteOf } from '../../safety/testing/site-of.js';
import { lintMigration } from '../../site/lint-migration.js';
import { RECIPES } from '../registry.js';
import { safetyInterlock } from './safety-interlock.js';

const FILE = 'prompts/safety-interlock-update.md';
const BYTES = readFileSync(fileURLToPath(new URL(`../../../${FILE}`, import.meta.url)));
const { migration, findings } = lintMigration(FILE, BYTES);

/** What the manifest says besides the entry that each example shows. */
const SIGNALS: readonly string[] = [
  'S_EStop_OK: estop, S_Door_Ch1: guard, ResetButton: reset, Motor: hazard',
  'xEStopOk: estop, xCurtain_Ossd1: light_curtain, xReset: reset, qxRam: hazard',
  'S_EStop_OK: estop, S_Mat_Free: safety_mat, Reset_PB: reset, Conveyor: hazard',
];

function manifestOf(index: number): string {
  const signals = (SIGNALS[index] ?? '').split(', ').map((pair) => {
    const [tag, role] = pair.split(': ');
    return `    - { tag: Main.${tag}, role: ${role} }\n`;
  });
  const settings = [...(migration?.sections.examples ?? '').matchAll(/```yaml\n([\s\S]*?)```/g)][index]?.[1] ?? '';
  return `site: example\ndialect: codesys\nsafety:\n  signals:\n${signals.join('')}${settings}`;
}

describe('the prompt safety-interlock-update', () => {
  it('passes the prompt lint and names a recipe that there is', () => {
    expect(findings).toEqual([]);
    expect(RECIPES.map(({ name }) => name)).toContain(migration?.recipe);
  });

  it.each((migration?.examples ?? []).map((example, index) => [example.title, index] as const))(
    'shows what the recipe does: %s',
    (_, index) => {
      const example = migration?.examples[index];
      if (migration === null || example === undefined) throw new Error('the prompt could not be read');
      const site = siteOf({ 'plantwright.yaml': manifestOf(index), 'Main.st': example.before.text });
      const outcome = safetyInterlock.apply(site, migration);
      if (outcome.kind !== 'changed') throw new Error(JSON.stringify(outcome));
      const text = (path: string): string => decodeText(outcome.files.get(path) ?? new Uint8Array()).text;
      const added = text('SAFETY_GUARD_MONITOR.st');
      expect(text('Main.st') + (added === '' ? '' : `\n${added}`)).toBe(example.after.text);
    },
  );
});
