/**
 * The agent: a loop around a Messages API endpoint, behind the same interface as a recipe. It proposes edits; whether
 * they stand is decided by the verifiers outside of it.
 */

import { Anthropic, APIError, APIUserAbortError } from '@anthropic-ai/sdk';
import { type Finding, startOfFile } from '../base/finding.js';
import { MANIFEST_FILE } from '../site/manifest.js';
import type { EngineInput, EngineOutcome, MigrationEngine } from '../verify/engine.js';
import {
  addReply,
  type BudgetLimits,
  type BudgetState,
  costOf,
  EMPTY_BUDGET,
  exceeded,
  type ModelPrice,
} from './budget.js';
import { editPolicy } from './edit-policy.js';
import type { ModelEndpoint } from './endpoint.js';
import { AGENT_SYSTEM_PROMPT, taskPrompt } from './prompt.js';
import { agentTools, type ToolSession } from './tools.js';

export interface AgentOptions {
  readonly endpoint: ModelEndpoint;
  readonly limits: BudgetLimits;
  /** Tokens of one reply. */
  readonly maxReplyTokens: number;
  /** Longest wait for one reply, in milliseconds. */
  readonly replyTimeoutMs: number;
  readonly price: ModelPrice | null;
}

/** After this many equal failed verdicts in a row the attempt ends: more turns would cost and not help. */
const STUCK_AFTER = 3;

/** An engine that lets a model perform migrations through the given endpoint. */
export function agentEngine(options: AgentOptions): MigrationEngine {
  const { endpoint } = options;
  return {
    identity: { kind: 'agent', model: endpoint.model, endpoint: endpoint.baseUrl },
    run: (input) => runAgent(options, input),
  };
}

/** A client whose key and address are exactly those of the endpoint, whatever the environment says. */
export function clientFor(endpoint: ModelEndpoint, timeoutMs: number): Anthropic {
  const byKey = endpoint.credential.kind === 'api-key';
  return new Anthropic({
    baseURL: endpoint.baseUrl,
    apiKey: byKey ? endpoint.credential.secret : null,
    authToken: byKey ? null : endpoint.credential.secret,
    maxRetries: 2,
    timeout: timeoutMs,
  });
}

async function runAgent(options: AgentOptions, input: EngineInput): Promise<EngineOutcome> {
  const session: ToolSession = {
    input,
    policy: editPolicy(input.migration, input.site.manifest),
    finish: null,
    failedVerdicts: [],
  };
  let spent: BudgetState = EMPTY_BUDGET;
  const failed = (reason: string): EngineOutcome => ({ kind: 'failed', reason, cost: costOf(spent, options.price) });

  const runner = clientFor(options.endpoint, options.replyTimeoutMs).beta.messages.toolRunner(
    {
      model: options.endpoint.model,
      max_tokens: options.maxReplyTokens,
      max_iterations: options.limits.turns,
      system: [{ type: 'text', text: AGENT_SYSTEM_PROMPT, cache_control: { type: 'ephemeral' } }],
      messages: [{ role: 'user', content: taskPrompt(input) }],
      tools: agentTools(session),
      stream: true,
      // The full history goes out every turn: local servers know no server-side threads.
      thread: false,
    },
    { signal: input.signal },
  );

  try {
    for await (const stream of runner) {
      const reply = await stream.finalMessage();
      spent = addReply(spent, {
        inputTokens:
          reply.usage.input_tokens +
          (reply.usage.cache_creation_input_tokens ?? 0) +
          (reply.usage.cache_read_input_tokens ?? 0),
        outputTokens: reply.usage.output_tokens,
      });
      input.journal({ event: 'reply', turn: spent.turns, stop: reply.stop_reason, content: reply.content });
      input.progress(
        Math.min(0.95, spent.turns / options.limits.turns),
        `turn ${spent.turns} of ${options.limits.turns}`,
      );

      const stopped = unusableStop(reply.stop_reason);
      if (stopped !== null) return failed(stopped);
      const results = await runner.generateToolResponse(input.signal);
      if (results !== null) input.journal({ event: 'tool-results', turn: spent.turns, content: results.content });
      if (session.finish !== null) return finished(session.finish, costOf(spent, options.price));
      if (isStuck(session.failedVerdicts)) {
        return failed(`verify failed ${STUCK_AFTER} times in a row for the same reasons; the agent is stuck`);
      }
      const limit = exceeded(spent, options.limits, options.price);
      if (limit !== null) return failed(limit);
    }
  } catch (error) {
    return failed(endpointFailure(error, options.endpoint, input.signal));
  }
  return failed('the model ended without calling finish');
}

function finished(finish: NonNullable<ToolSession['finish']>, cost: EngineOutcome['cost']): EngineOutcome {
  switch (finish.kind) {
    case 'changed':
      return { kind: 'changed', summary: finish.summary, cost };
    case 'not-needed':
      return { kind: 'not-needed', reason: finish.reason, cost };
    case 'needs-engineer':
      return { kind: 'needs-engineer', reasons: finish.reasons.map(engineerFinding), cost };
  }
}

function engineerFinding(message: string): Finding {
  return {
    ...startOfFile(MANIFEST_FILE),
    code: 'AGENT-ASKS',
    rule: 'agent-needs-engineer',
    severity: 'error',
    message,
    related: [],
    witness: {},
  };
}

function isStuck(failures: readonly string[]): boolean {
  const recent = failures.slice(-STUCK_AFTER);
  return recent.length === STUCK_AFTER && new Set(recent).size === 1;
}

/** Why a reply can't be worked with, or null for one that ends a turn or calls tools. */
function unusableStop(reason: string | null): string | null {
  switch (reason) {
    case 'tool_use':
    case 'end_turn':
    case 'pause_turn':
      return null;
    case 'max_tokens':
      return 'a reply was cut off at the token limit (max_tokens); raise llm.max_tokens';
    case 'refusal':
      return 'the model refused the task';
    case 'model_context_window_exceeded':
      return 'the site does not fit into the context window of the model';
    default:
      return `the model stopped for a reason that is not understood (${reason ?? 'none given'})`;
  }
}

function endpointFailure(error: unknown, endpoint: ModelEndpoint, signal: AbortSignal): string {
  if (signal.aborted || error instanceof APIUserAbortError) return 'cancelled';
  if (error instanceof APIError) {
    const status = error.status === undefined ? 'no answer' : `HTTP ${error.status}`;
    return `the endpoint ${endpoint.baseUrl} failed (${status}): ${firstLine(error.message)}`;
  }
  return `the endpoint ${endpoint.baseUrl} gave an answer that can't be read: ${firstLine(error instanceof Error ? error.message : String(error))}`;
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').slice(0, 300);
}
