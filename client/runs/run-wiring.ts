import { resolveEndpoint, secretsFromEnvironment } from '../../core/agent/endpoint.js';
import type { EngineChoice as ChosenEngine, EngineFor, VerifyChange } from '../../core/fleet/attempt.js';
import type { Fleet } from '../../core/fleet/fleet.js';
import { recipeEngine } from '../../core/recipes/recipe-engine.js';
import { recipeNamed } from '../../core/recipes/registry.js';
import { parseDuration } from '../../core/site/duration.js';
import type { Migration } from '../../core/site/migration.js';
import { verifyChange } from '../../core/verify/pipeline.js';
import type { EngineChoice } from '../base/settings.js';

const DEFAULT_TURNS = 10;
const DEFAULT_REPLY_TOKENS = 8192;
const DEFAULT_REPLY_TIMEOUT_MS = 300_000;

/** Chooses the engine of each site: the recipe where the migration has one, unless the agent is asked for. */
export function engineFor(fleet: Fleet, choice: EngineChoice): EngineFor {
  return async (_site, migration): Promise<ChosenEngine> => {
    const recipe = choice === 'agent' || migration.recipe === null ? null : recipeNamed(migration.recipe);
    if (recipe !== null) return { engine: recipeEngine(recipe) };
    if (choice === 'recipe') return { unavailable: noRecipe(migration) };
    return agentFor(fleet);
  };
}

/** The pipeline without a judge: a judge only ever vetoes, and none is configured here. */
export const verify: VerifyChange = (change) =>
  verifyChange({ ...change, judge: null, clock: () => performance.now() });

async function agentFor({ settings }: Fleet): Promise<ChosenEngine> {
  const resolved = resolveEndpoint(
    { baseUrl: settings.llm?.base_url ?? null, model: settings.llm?.model ?? null },
    secretsFromEnvironment(process.env),
  );
  if (resolved.kind === 'missing') return { unavailable: resolved.message };
  // Loaded only here: the model SDK is no part of anything that works offline.
  const { agentEngine } = await import('../../core/agent/agent-engine.js');
  return {
    engine: agentEngine({
      endpoint: resolved.endpoint,
      limits: {
        turns: settings.agent?.max_turns ?? DEFAULT_TURNS,
        tokens: settings.budget?.tokens ?? null,
        usd: settings.budget?.per_site_usd ?? null,
      },
      maxReplyTokens: settings.llm?.max_tokens ?? DEFAULT_REPLY_TOKENS,
      replyTimeoutMs: milliseconds(settings.llm?.timeout) ?? DEFAULT_REPLY_TIMEOUT_MS,
      price: null,
    }),
  };
}

function noRecipe({ name, recipe }: Migration): string {
  return recipe === null
    ? `The migration ${name} names no recipe; only the agent can perform it.`
    : `There is no recipe "${recipe}" in this version of Plantwright.`;
}

/** Milliseconds of a number of seconds or a duration text. */
function milliseconds(value: number | string | undefined): number | null {
  if (value === undefined) return null;
  if (typeof value === 'number') return value * 1000;
  const nanoseconds = parseDuration(value);
  return nanoseconds === null ? null : Number(nanoseconds / 1_000_000n);
}
