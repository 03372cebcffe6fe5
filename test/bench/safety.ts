/**
 * The mutation bench: how many dangerous edits of the fixture fleet the verifiers veto, and how many harmless ones.
 * `npm run bench -- safety [--sites a,b] [--classes text,text] [--limit N] [--harmless-limit N] [--seed N] [--only unsafe|harmless] [--until-veto] [--minutes N]`
 * `--minutes` ends the run early, three quarters of the time for the unsafe edits; the report counts what was judged.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { HARMLESS_OPERATORS } from '../mutation/harmless/harmless-operators.js';
import { judgeMutation } from '../mutation/judge-mutation.js';
import { openMachines } from '../mutation/machines.js';
import { UNSAFE_OPERATORS } from '../mutation/operators/unsafe-operators.js';
import {
  countByGroup,
  countByStage,
  harmlessResult,
  percentile,
  type Result,
  unsafeResult,
} from '../mutation/report.js';
import { type Candidate, candidatesOf, sampled } from '../mutation/sample.js';

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    root: { type: 'string', default: process.cwd() },
    sites: { type: 'string' },
    classes: { type: 'string' },
    limit: { type: 'string', default: '300' },
    'harmless-limit': { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    'until-veto': { type: 'boolean', default: false },
    'list-proved': { type: 'boolean', default: false },
    minutes: { type: 'string' },
    out: { type: 'string', default: 'safety-bench.json' },
  },
});

const asLimit = (text: string): number | null => (text === 'all' ? null : Number.parseInt(text, 10));
const words = (text: string | undefined): string[] => text?.split(',').map((each) => each.trim().toLowerCase()) ?? [];
const matches = (wanted: readonly string[], text: string): boolean =>
  wanted.length === 0 || wanted.some((each) => text.toLowerCase().includes(each));

const sites = words(values.sites);
const classes = words(values.classes);
const seed = Number.parseInt(values.seed, 10);
const budgetMs = values.minutes === undefined ? Number.POSITIVE_INFINITY : Number.parseFloat(values.minutes) * 60_000;
const started = performance.now();
const machines = openMachines(`${values.root}/test/fixtures/fleet/sites`, (name) => matches(sites, name));

async function judgeAll(
  label: string,
  operators: typeof UNSAFE_OPERATORS,
  limit: number | null,
  asResult: typeof unsafeResult,
  shareOfTime: number,
): Promise<{ readonly made: number; readonly results: readonly Result[] }> {
  const candidates = candidatesOf(
    machines,
    operators.filter(({ group, name }) => matches(classes, `${group} ${name}`)),
  );
  const chosen = sampled(candidates, limit, seed);
  const results: Result[] = [];
  for (const candidate of chosen) {
    if (performance.now() - started > budgetMs * shareOfTime) break;
    results.push(asResult(candidate, await judged(candidate)));
    if (results.length % 25 === 0) process.stderr.write(`${label}: ${results.length} of ${chosen.length}\n`);
  }
  return { made: candidates.length, results };
}

async function judged({ machine, mutation }: Candidate): ReturnType<typeof judgeMutation> {
  return judgeMutation(machine, mutation, values['until-veto'] ? 'until-veto' : 'every');
}

const nothing = { made: 0, results: [] };
const unsafe =
  values.only === 'harmless'
    ? nothing
    : await judgeAll('unsafe', UNSAFE_OPERATORS, asLimit(values.limit), unsafeResult, 0.75);
const harmless =
  values.only === 'unsafe'
    ? nothing
    : await judgeAll('harmless', HARMLESS_OPERATORS, asLimit(values['harmless-limit']), harmlessResult, 1);

const of = (results: readonly Result[], outcome: Result['outcome']): Result[] =>
  results.filter((each) => each.outcome === outcome);
const share = (part: number, whole: number): string => (whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`);

const killed = of(unsafe.results, 'vetoed').length;
const survivors = of(unsafe.results, 'passed');
const counted = killed + survivors.length;
const falseVetoes = of(harmless.results, 'vetoed');
const harmlessCounted = falseVetoes.length + of(harmless.results, 'passed').length;
const times = [...unsafe.results, ...harmless.results].map(({ judgement }) => judgement.ms);

const report = {
  sites: machines.map(({ name }) => name),
  seed,
  unsafe: {
    made: unsafe.made,
    judged: unsafe.results.length,
    counted,
    killed,
    excludedByCompiler: of(unsafe.results, 'excluded-compile').length,
    excludedByProof: of(unsafe.results, 'excluded-proved').length,
    groups: countByGroup(unsafe.results),
    stages: countByStage(unsafe.results),
    survivors,
  },
  harmless: {
    made: harmless.made,
    judged: harmless.results.length,
    counted: harmlessCounted,
    vetoed: falseVetoes.length,
    groups: countByGroup(harmless.results),
    excludedByCompiler: of(harmless.results, 'excluded-compile'),
    falseVetoes,
  },
  excludedByProof: of(unsafe.results, 'excluded-proved'),
  milliseconds: { p50: percentile(times, 0.5), p95: percentile(times, 0.95), max: Math.max(0, ...times) },
};

const folder = `${values.root}/test-artifacts`;
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}/${values.out}`, JSON.stringify(report, null, 1));

const line = (text = ''): void => void process.stdout.write(`${text}\n`);
line(`sites ${machines.length}, seed ${seed}`);
line(
  `unsafe: ${unsafe.made} mutants made, ${unsafe.results.length} judged, ${report.unsafe.excludedByCompiler} refused by the compiler, ` +
    `${report.unsafe.excludedByProof} proved equal or stronger; of the other ${counted}, ${killed} vetoed (${share(killed, counted)})`,
);
for (const { group, vetoed, passed, excludedCompile, excludedProved } of report.unsafe.groups) {
  line(
    `  ${group.padEnd(48)} vetoed ${String(vetoed).padStart(4)}  survived ${String(passed).padStart(3)}  refused ${String(excludedCompile).padStart(3)}  proved ${String(excludedProved).padStart(3)}`,
  );
}
for (const [stage, { vetoed, alone }] of Object.entries(report.unsafe.stages)) {
  line(`  ${stage.padEnd(12)} vetoed ${vetoed}, alone ${alone}`);
}
line(
  `harmless: ${harmless.made} edits made, ${harmless.results.length} judged, ${report.harmless.excludedByCompiler.length} refused by the compiler; ` +
    `of the other ${harmlessCounted}, ${falseVetoes.length} vetoed (${share(falseVetoes.length, harmlessCounted)})`,
);
for (const { group, vetoed, passed } of report.harmless.groups) {
  line(`  ${group.padEnd(48)} vetoed ${String(vetoed).padStart(4)}  passed ${String(passed).padStart(4)}`);
}
line(
  `time per verdict: p50 ${report.milliseconds.p50.toFixed(0)} ms, p95 ${report.milliseconds.p95.toFixed(0)} ms, max ${report.milliseconds.max.toFixed(0)} ms`,
);
for (const stage of ['open', 'compile', 'safety', 'proof', 'simulation']) {
  const own = [...unsafe.results, ...harmless.results].flatMap(({ judgement }) => judgement.stageMs[stage] ?? []);
  line(`  ${stage.padEnd(12)} p50 ${percentile(own, 0.5).toFixed(0)} ms, p95 ${percentile(own, 0.95).toFixed(0)} ms`);
}
line();
if (values['list-proved']) {
  for (const { site, operator, place, judgement } of of(unsafe.results, 'excluded-proved')) {
    line(`PROVED ${site} ${operator}\n    ${place}\n    ${judgement.relations.join('; ')} ${judgement.observed ?? ''}`);
  }
}
for (const { site, operator, place, judgement } of survivors) {
  line(
    `SURVIVED ${site} ${operator}\n    ${place}\n    ${judgement.relations.join('; ')}${judgement.observed === null ? '' : `\n    ${judgement.observed}`}`,
  );
}
for (const { site, operator, place, judgement } of falseVetoes) {
  line(`FALSE VETO ${site} ${operator}\n    ${place}\n    ${judgement.findings.slice(0, 3).join('\n    ')}`);
}
