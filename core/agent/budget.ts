import type { EngineCost } from '../verify/engine.js';

/** Limits of one attempt. A null limit does not apply. */
export interface BudgetLimits {
  readonly turns: number;
  readonly tokens: number | null;
  readonly usd: number | null;
}

/** US dollars for a million tokens. */
export interface ModelPrice {
  readonly inputPerMillion: number;
  readonly outputPerMillion: number;
}

/** The part of a reply's usage that is paid for. Cached input counts as input: the ceiling must hold, not the average. */
export interface ReplyUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** What an attempt has used so far; `addReply` returns the next state. */
export interface BudgetState {
  readonly turns: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export const EMPTY_BUDGET: BudgetState = { turns: 0, inputTokens: 0, outputTokens: 0 };

export function addReply(state: BudgetState, usage: ReplyUsage): BudgetState {
  return {
    turns: state.turns + 1,
    inputTokens: state.inputTokens + usage.inputTokens,
    outputTokens: state.outputTokens + usage.outputTokens,
  };
}

/** The cost in the form of a change request. Dollars only when the price is known. */
export function costOf(state: BudgetState, price: ModelPrice | null): EngineCost {
  const usd =
    price === null
      ? null
      : (state.inputTokens * price.inputPerMillion + state.outputTokens * price.outputPerMillion) / 1_000_000;
  return { inputTokens: state.inputTokens, outputTokens: state.outputTokens, turns: state.turns, usd };
}

/** Why the attempt must stop before its next request, or null when it may go on. */
export function exceeded(state: BudgetState, limits: BudgetLimits, price: ModelPrice | null): string | null {
  if (state.turns >= limits.turns) return `the limit of ${limits.turns} turns is reached`;
  const tokens = state.inputTokens + state.outputTokens;
  if (limits.tokens !== null && tokens >= limits.tokens) return `the limit of ${limits.tokens} tokens is reached`;
  const { usd } = costOf(state, price);
  if (limits.usd !== null && usd === null) return 'a budget in US dollars needs a known price for the model';
  if (limits.usd !== null && usd !== null && usd >= limits.usd)
    return `the budget of ${limits.usd} US dollars is reached`;
  return null;
}
