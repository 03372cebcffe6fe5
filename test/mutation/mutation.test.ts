/** A small sample of the mutation bench: the whole of it is `npm run bench -- safety`. */

import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { HARMLESS_BY_HAND, machinesFor, mutationOf, UNSAFE_BY_HAND } from './hand-made.js';
import { HARMLESS_OPERATORS } from './harmless/harmless-operators.js';
import { judgeMutation } from './judge-mutation.js';
import { openMachines } from './machines.js';
import { UNSAFE_OPERATORS } from './operators/unsafe-operators.js';
import { harmlessResult, unsafeResult } from './report.js';
import { candidatesOf, sampled } from './sample.js';

const FLEET = fileURLToPath(new URL('../fixtures/fleet/sites', import.meta.url));
const machines = openMachines(FLEET, (name) => name === 'plant-11-welding' || name === 'small-stamp');

describe('the engine', () => {
  test('opens the machines and finds their safety logic', () => {
    expect(machines.map(({ name }) => name)).toEqual(['plant-11-welding', 'small-stamp']);
    for (const { carriers, hazards, expressions } of machines) {
      expect([carriers.size > 0, hazards.size > 0, expressions.length > 0]).toEqual([true, true, true]);
    }
  });

  test('makes the same mutants every time, in every class that a machine allows', () => {
    const one = sampled(candidatesOf(machines, UNSAFE_OPERATORS), 60, 3).map(({ mutation }) => mutation.place);
    const other = sampled(candidatesOf(machines, UNSAFE_OPERATORS), 60, 3).map(({ mutation }) => mutation.place);
    expect(one).toEqual(other);
    const groups = new Set(candidatesOf(machines, UNSAFE_OPERATORS).map(({ operator }) => operator.group));
    expect(groups.size).toBeGreaterThan(30);
  });
});

describe('a sample of dangerous edits is vetoed', () => {
  test.each(
    sampled(candidatesOf(machines, UNSAFE_OPERATORS), 25, 11).map((candidate) => ({
      name: `${candidate.machine.name} ${candidate.operator.name} ${candidate.mutation.place}`,
      candidate,
    })),
  )('$name', async ({ candidate }) => {
    const { outcome, judgement } = unsafeResult(
      candidate,
      await judgeMutation(candidate.machine, candidate.mutation, 'until-veto'),
    );
    expect(outcome, JSON.stringify(judgement)).not.toBe('passed');
  });
});

describe('a sample of harmless edits passes', () => {
  test.each(
    sampled(candidatesOf(machines, HARMLESS_OPERATORS), 8, 11).map((candidate) => ({
      name: `${candidate.machine.name} ${candidate.operator.name} ${candidate.mutation.place}`,
      candidate,
    })),
  )('$name', async ({ candidate }) => {
    const { outcome, judgement } = harmlessResult(
      candidate,
      await judgeMutation(candidate.machine, candidate.mutation),
    );
    expect(outcome, JSON.stringify(judgement)).not.toBe('vetoed');
  });
});

/** Two sites of the hand-made edits; the others run with the bench. */
const byHand = [
  ...UNSAFE_BY_HAND.map((edit) => ({ edit, status: 'failed' })),
  ...HARMLESS_BY_HAND.map((edit) => ({ edit, status: 'passed' })),
].filter(({ edit }) => edit.site === 'plant-08-assembly' || edit.site === 'plant-11-welding');

describe('edits made by hand', () => {
  const opened = machinesFor(
    FLEET,
    byHand.map(({ edit }) => edit),
  );
  test.each(byHand.map((entry) => ({ ...entry, title: entry.edit.title })))(
    '$title: $status',
    async ({ edit, status }) => {
      const machine = opened.get(edit.site);
      if (machine === undefined) throw new Error(`no machine ${edit.site}`);
      const judgement = await judgeMutation(machine, mutationOf(machine, edit), 'until-veto');
      expect(judgement.status, judgement.findings.join('\n')).toBe(status);
    },
  );
});
