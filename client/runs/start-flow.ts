import type { EngineName } from '../../core/fleet/engine-choice.js';
import type { Fleet } from '../../core/fleet/fleet.js';
import { previewSites, type SitePreview } from '../../core/fleet/plan.js';
import { RECIPES } from '../../core/recipes/registry.js';
import type { Migration } from '../../core/site/migration.js';
import { type Choice, pickMany, pickOne, type StepResult } from '../base/quick-pick.js';

/** What may be given to the command instead of being asked for. Each member that is there skips its step. */
export interface StartArguments {
  readonly migration?: string;
  readonly sites?: readonly string[];
  readonly dryRun?: boolean;
  readonly engine?: EngineName;
  /** Id of the person who starts the run. */
  readonly startedBy?: string;
}

/** What a person decided in the steps. */
export interface StartDecision {
  readonly migration: Migration;
  readonly sites: readonly string[];
  readonly dryRun: boolean;
  readonly engine: EngineName;
}

type Draft = { -readonly [Key in keyof StartDecision]?: StartDecision[Key] };

interface Step {
  readonly isGiven: (given: StartArguments) => boolean;
  readonly run: (draft: Draft, step: number, totalSteps: number) => Promise<StepResult<Draft>>;
}

/** What the flow needs to know of the workspace. */
export interface StartSituation {
  readonly fleet: Fleet;
  readonly migrations: readonly Migration[];
  readonly defaultEngine: EngineName;
}

const TITLE = 'Start Migration';

/** Asks for migration, sites, kind of run and engine, with a way back. Null: the person closed it. */
export async function askForStart(situation: StartSituation, given: StartArguments): Promise<StartDecision | null> {
  const steps = stepsOf(situation).filter((step) => !step.isGiven(given));
  let draft: Draft = await draftOf(situation, given);
  for (let index = 0; index < steps.length; ) {
    const result = await steps[index]?.run(draft, index + 1, steps.length);
    if (result === undefined || result.kind === 'closed') return null;
    if (result.kind === 'picked') draft = { ...draft, ...result.value };
    index += result.kind === 'back' ? -1 : 1;
    if (index < 0) return null;
  }
  const { migration, sites, dryRun, engine } = draft;
  if (migration === undefined || sites === undefined || dryRun === undefined) return null;
  return { migration, sites, dryRun, engine: engine ?? situation.defaultEngine };
}

async function draftOf({ fleet, migrations }: StartSituation, given: StartArguments): Promise<Draft> {
  const draft: Draft = {};
  if (given.migration !== undefined) {
    const migration = migrations.find(({ name }) => name === given.migration);
    if (migration === undefined) throw new Error(`There is no migration "${given.migration}".`);
    draft.migration = migration;
  }
  if (given.sites !== undefined) {
    const known = new Set(fleet.sites.map(({ name }) => name));
    const unknown = given.sites.find((name) => !known.has(name));
    if (unknown !== undefined) throw new Error(`The fleet has no site "${unknown}".`);
    draft.sites = given.sites;
  }
  if (given.dryRun !== undefined) draft.dryRun = given.dryRun;
  if (given.engine !== undefined) draft.engine = given.engine;
  return draft;
}

function stepsOf({ fleet, migrations, defaultEngine }: StartSituation): readonly Step[] {
  return [
    {
      isGiven: ({ migration }) => migration !== undefined,
      run: async (_draft, step, totalSteps) => {
        const frame = { title: TITLE, placeholder: 'Which migration?', step, totalSteps };
        const picked = await pickOne(frame, migrations.map(migrationChoice));
        return picked.kind === 'picked' ? { kind: 'picked', value: { migration: picked.value } } : picked;
      },
    },
    {
      isGiven: ({ sites }) => sites !== undefined,
      run: async ({ migration }, step, totalSteps) => {
        if (migration === undefined) return { kind: 'closed' };
        const previews = await previewSites(migration, fleet.sites);
        const frame = { title: `${TITLE}: ${migration.title}`, placeholder: 'On which sites?', step, totalSteps };
        const picked = await pickMany(frame, 'Applies', previews.filter(applies).map(siteChoice), {
          heading: 'Does not apply, or needs something first',
          entries: previews
            .filter((preview) => !applies(preview))
            .map(({ site, reasons }) => ({ label: site.name, detail: reasons.join('; ') })),
        });
        return picked.kind === 'picked' ? { kind: 'picked', value: { sites: picked.value } } : picked;
      },
    },
    {
      isGiven: ({ dryRun }) => dryRun !== undefined,
      run: async ({ sites }, step, totalSteps) => {
        const count = sites?.length ?? 0;
        const frame = {
          title: TITLE,
          placeholder: `How should it run on ${count} ${count === 1 ? 'site' : 'sites'}?`,
          step,
          totalSteps,
        };
        const picked = await pickOne(frame, RUN_CHOICES);
        return picked.kind === 'picked' ? { kind: 'picked', value: { dryRun: picked.value } } : picked;
      },
    },
    {
      isGiven: ({ engine }) => engine !== undefined,
      run: async ({ migration }, step, totalSteps) => {
        const frame = { title: TITLE, placeholder: 'What performs the migration?', step, totalSteps };
        const picked = await pickOne(frame, engineChoices(migration ?? null, defaultEngine));
        return picked.kind === 'picked' ? { kind: 'picked', value: { engine: picked.value } } : picked;
      },
    },
  ];
}

const RUN_CHOICES: readonly Choice<boolean>[] = [
  {
    label: '$(beaker) Dry run',
    detail: 'Changes and verifies in worktrees, shows every verdict, keeps no branch and no change request.',
    value: true,
  },
  {
    label: '$(rocket) Real run',
    detail: 'A branch and a change request for every site whose verdict passes. Nothing is merged without signatures.',
    value: false,
  },
];

function migrationChoice(migration: Migration): Choice<Migration> {
  return {
    label: migration.title,
    description: `${migration.name} ${migration.version}`,
    detail: `${migration.kind}. ${firstSentence(migration.sections.goal)}`,
    value: migration,
  };
}

function siteChoice({ site, baseBranch }: SitePreview): Choice<string> {
  const facts = [site.plcType, site.safetyRating, site.wave === null ? null : `wave ${site.wave}`];
  return {
    label: site.name,
    description: facts.filter((fact) => fact !== null).join(', '),
    detail: `from ${baseBranch ?? 'a detached HEAD'} in ${site.repoPath}`,
    value: site.name,
  };
}

function applies({ state }: SitePreview): boolean {
  return state === 'applies';
}

/** The default of the settings comes first, so that Enter takes it. */
function engineChoices(migration: Migration | null, defaultEngine: EngineName): Choice<EngineName>[] {
  const hasRecipe = migration !== null && RECIPES.some(({ name }) => name === migration.recipe);
  const choices: Choice<EngineName>[] = [
    {
      label: 'Automatic',
      detail: hasRecipe
        ? 'This migration has a recipe: it runs offline, without a model.'
        : 'This migration has no recipe: the agent performs it.',
      value: 'auto',
    },
    { label: 'Recipe', detail: 'The deterministic program of the migration. Offline.', value: 'recipe' },
    {
      label: 'Agent',
      detail: 'A model proposes the edits; needs an endpoint in fleet.yaml and a key, or a local server.',
      value: 'agent',
    },
  ];
  return choices.sort((a, b) => Number(b.value === defaultEngine) - Number(a.value === defaultEngine));
}

function firstSentence(text: string): string {
  return (
    text
      .trim()
      .split(/(?<=\.)\s/)[0]
      ?.replace(/\s+/g, ' ') ?? ''
  );
}
