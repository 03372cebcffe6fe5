/** Which engine performs a migration at a site: the recipe, the agent, or none and why. */

import { type EndpointSecrets, resolveEndpoint } from '../agent/endpoint.js';
import { recipeEngine } from '../recipes/recipe-engine.js';
import { recipeNamed } from '../recipes/registry.js';
import { parseDuration } from '../site/duration.js';
import type { Migration } from '../site/migration.js';
import type { EngineChoice, EngineFor } from './attempt.js';
import type { Fleet } from './fleet.js';

/** `auto`: the recipe where the migration has one, else the agent. */
export const ENGINE_NAMES = ['auto', 'recipe', 'agent'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

const DEFAULT_TURNS = 10;
const DEFAULT_REPLY_TOKENS = 8192;
const DEFAULT_REPLY_TIMEOUT_MS = 300_000;

/** Chooses the engine of each site. The secrets of the agent come from outside; they stand in no file. */
export function engineFor(fleet: Fleet, name: EngineName, secrets: EndpointSecrets): EngineFor {
  return async (_site, migration): Promise<EngineChoice> => {
    const recipe = name === 'agent' || migration.recipe === null ? null : recipeNamed(migration.recipe);
    if (recipe !== null) return { engine: recipeEngine(recipe) };
    if (name === 'recipe') return { unavailable: noRecipe(migration) };
    return agentFor(fleet, secrets);
  };
}

async function agentFor({ settings }: Fleet, secrets: EndpointSecrets): Promise<EngineChoice> {
  const resolved = resolveEndpoint(
    { baseUrl: settings.llm?.base_url ?? null, model: settings.llm?.model ?? null },
    secrets,
  );
  if (resolved.kind === 'missing') return { unavailable: resolved.message };
  // Loaded only here: the model SDK is no part of anything that works offline.
  const { agentEngine } = await import('../agent/agent-engine.js');
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
