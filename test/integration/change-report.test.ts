/** The report of a refused change explains itself: what changed, which rule and clause, which case, per hazard. */

import { beforeAll, describe, expect, test } from 'vitest';
import { type VetoedChange, vetoedChange } from '../support/vetoed-change.js';

let change: VetoedChange;
beforeAll(async () => {
  change = await vetoedChange();
}, 600_000);

describe('the report of a refused change', () => {
  test('is well formed: what is opened is closed', () => {
    for (const tag of ['section', 'article', 'table', 'tbody', 'details', 'figure', 'ol', 'ul', 'svg']) {
      const count = (pattern: RegExp): number => [...change.report.matchAll(pattern)].length;
      expect([tag, count(new RegExp(`<${tag}[ >]`, 'g'))]).toEqual([tag, count(new RegExp(`</${tag}>`, 'g'))]);
    }
    expect(change.report).not.toMatch(/<script|\bon\w+=|undefined|\[object /);
  });

  test('shows the place before and after, with what differs marked', () => {
    expect(change.report).toContain('<th scope="col" colspan="2">Before</th><th scope="col" colspan="2">After</th>');
    expect(change.report).toMatch(/<mark>[^<]*DriveCover_Ch1[^<]*<\/mark>/);
  });

  test('names the rule, its reason and its clause', () => {
    for (const part of ['Why this matters: ', 'Clause: ISO 14120', 'rule GD01']) expect(change.report).toContain(part);
  });

  test('draws the case that shows it', () => {
    expect(/<figure>\s*<svg[\s\S]*?<\/svg>\s*<figcaption>At the red line: /.test(change.report)).toBe(true);
  });

  test('has a matrix for each hazard', () => {
    for (const hazard of ['Motor1_Run', 'Motor2_Run', 'Motor3_Run'])
      expect(change.report).toContain(`<h3>${hazard}</h3>`);
    expect(change.report).toContain('off while it is not healthy');
    expect(change.report).toMatch(/<td class="failed" title="[^"]*">refuted<\/td>/);
  });
});
