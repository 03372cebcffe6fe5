import { describe, expect, it } from 'vitest';
import { decodeText } from '../../base/decode.js';
import { failsVerdict } from '../../base/finding.js';
import { checkState } from '../../safety/rule-table.js';
import { openSite } from '../../site/open-site.js';
import type { SiteSnapshot } from '../../site/snapshot.js';
import { safetyStage } from '../../verify/safety-stage.js';
import { fixtureSite, fixtureSiteNames } from '../testing/fixture-sites.js';
import { lineDiff } from '../testing/line-diff.js';
import { migrationOf } from '../testing/migration-of.js';
import { safetyInterlock } from './safety-interlock.js';

const MIGRATION = migrationOf();
const BROKEN = 'plant-10-wrapper';
const OUTCOMES: Readonly<Record<string, 'changed' | 'not-needed' | 'needs-engineer'>> = {
  'plant-01-press': 'changed',
  'plant-02-robot-cell': 'changed',
  'plant-03-conveyor': 'changed',
  'plant-04-packaging': 'changed',
  'plant-05-filling': 'changed',
  'plant-06-cnc': 'changed',
  'plant-07-palletiser': 'changed',
  'plant-08-assembly': 'not-needed',
  'plant-09-labeller': 'needs-engineer',
  'plant-10-wrapper': 'needs-engineer',
  'plant-11-welding': 'needs-engineer',
};
const CHANGED = Object.keys(OUTCOMES).filter((name) => OUTCOMES[name] === 'changed');

function migrate(snapshot: SiteSnapshot): { files: ReadonlyMap<string, Uint8Array>; after: SiteSnapshot } {
  const outcome = safetyInterlock.apply(openSite(snapshot), MIGRATION);
  if (outcome.kind !== 'changed') throw new Error(`expected a change, got ${JSON.stringify(outcome)}`);
  return { files: outcome.files, after: new Map([...snapshot, ...outcome.files]) };
}

describe('the fixture fleet', () => {
  it('has the sites that these tests expect', () => {
    expect(fixtureSiteNames()).toEqual(Object.keys(OUTCOMES));
  });

  it.each(fixtureSiteNames().filter((name) => name !== BROKEN))('%s is clean before any migration', (name) => {
    const site = openSite(fixtureSite(name));
    const findings = [...site.manifestFindings, ...site.project.findings, ...checkState(site)];
    expect(findings.filter(({ severity }) => failsVerdict(severity))).toEqual([]);
  });

  it.each(fixtureSiteNames())('%s has 500 lines or more over several files', (name) => {
    const code = [...fixtureSite(name)].filter(([path]) => /\.(st|scl|tc\w+)$/i.test(path));
    const lines = code.reduce((sum, [, bytes]) => sum + decodeText(bytes).text.split('\n').length, 0);
    expect(code.length).toBeGreaterThan(5);
    expect(lines).toBeGreaterThanOrEqual(500);
  });
});

describe('the recipe safety-interlock on the fixture fleet', () => {
  it.each(Object.entries(OUTCOMES))('%s: %s', (name, expected) => {
    expect(safetyInterlock.apply(openSite(fixtureSite(name)), MIGRATION).kind).toBe(expected);
  });

  it.each(CHANGED)('changes only what it must in %s', (name) => {
    const before = fixtureSite(name);
    const { files } = migrate(before);
    const diff = [...files].flatMap(([path, bytes]) => {
      const old = before.get(path);
      const text = decodeText(bytes).text;
      return [
        `--- ${path}`,
        ...(old === undefined ? [`new file, ${text.split('\n').length} lines`] : lineDiff(decodeText(old).text, text)),
      ];
    });
    expect(diff.join('\n')).toMatchSnapshot();
  });

  it.each(CHANGED)('keeps byte order mark, encoding and line ends in %s', (name) => {
    const before = fixtureSite(name);
    for (const [path, bytes] of migrate(before).files) {
      const model = decodeText(
        before.get(path) ?? [...before].find(([each]) => each.startsWith(path.slice(0, 4)))?.[1] ?? bytes,
      );
      const { encoding, text } = decodeText(bytes);
      if (before.has(path)) expect(encoding).toBe(model.encoding);
      expect(text.match(/(?<!\r)\n/g) === null).toBe(model.text.match(/(?<!\r)\n/g) === null);
    }
  });

  it.each(CHANGED)('gives code without new findings, accepted by the safety rules, in %s', (name) => {
    const snapshot = fixtureSite(name);
    const before = openSite(snapshot);
    const after = openSite(migrate(snapshot).after);
    expect(after.project.findings.filter(({ severity }) => failsVerdict(severity))).toEqual([]);
    expect(after.project.findings.length).toBeLessThanOrEqual(before.project.findings.length);
    const scope = {
      author: 'agent',
      mayChange: MIGRATION.mayChange,
      mustNotChange: MIGRATION.mustNotChange,
      touches: MIGRATION.touches,
    } as const;
    const stage = safetyStage({ before, after, scope });
    expect(stage.findings.filter(({ severity }) => failsVerdict(severity))).toEqual([]);
    expect(stage.status).toBe('passed');
  });

  it.each(CHANGED)('has nothing left to do on the second run in %s', (name) => {
    const { after } = migrate(fixtureSite(name));
    expect(safetyInterlock.apply(openSite(after), MIGRATION)).toMatchObject({ kind: 'not-needed' });
  });

  it('needs an engineer for the labeller: the second channel is not in the manifest', () => {
    const outcome = safetyInterlock.apply(openSite(fixtureSite('plant-09-labeller')), MIGRATION);
    expect(outcome).toMatchObject({
      reasons: [
        { code: 'RSI01', file: 'plantwright.yaml', message: expect.stringContaining('guards[0].channels is missing') },
      ],
    });
  });

  it('needs an engineer for the wrapper: names the file that does not parse', () => {
    const outcome = safetyInterlock.apply(openSite(fixtureSite(BROKEN)), MIGRATION);
    expect(outcome).toMatchObject({ reasons: [{ code: 'RSI07', file: 'src/FB_Film.st', line: 36 }] });
  });

  it('needs an engineer for the welding cell: the gate is evaluated in certified code', () => {
    const outcome = safetyInterlock.apply(openSite(fixtureSite('plant-11-welding')), MIGRATION);
    expect(outcome).toMatchObject({
      reasons: [{ code: 'RSI04', file: 'src/CellMain.st', message: expect.stringContaining('it is certified') }],
    });
  });
});
