import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { plantwright } from '../support/command-line.js';

const SITE = join(import.meta.dirname, '..', 'fixtures', 'fleet', 'sites', 'plant-09-labeller');
const LOOSE = join(import.meta.dirname, '..', 'bench', 'cell.st');
const folder = mkdtempSync(join(tmpdir(), 'plantwright-campaign-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a campaign writes each failure as a scenario that fails when it is run', { timeout: 60_000 }, async () => {
  const campaign = await plantwright(folder, ['simulate', SITE, '--campaign', '--out', 'found', '--json']);
  expect(campaign.code).toBe(1);
  const report = JSON.parse(campaign.stdout) as {
    readonly status: string;
    readonly kinds: Readonly<Record<string, number>>;
    readonly failures: readonly { readonly file: string; readonly check: string; readonly kind: string }[];
  };
  expect(report.status).toBe('failed');
  expect(report.kinds['start_held']).toBeGreaterThan(0);
  expect(report.failures.map(({ check, kind }) => `${check} ${kind}`)).toContain('restart start_held');
  expect(readdirSync(join(folder, 'found'))).toHaveLength(report.failures.length);
  for (const { file } of report.failures) {
    const again = await plantwright(folder, ['simulate', SITE, '--scenario', file, '--json']);
    expect(again.code, again.stderr).toBe(1);
  }
});

test('a campaign of loose files is refused: nothing names their hazards', async () => {
  const { code, stderr } = await plantwright(folder, ['simulate', LOOSE, '--campaign']);
  expect(code).toBe(2);
  expect(stderr).toContain('--campaign needs a site');
});
