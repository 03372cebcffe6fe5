import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type MessagesServer,
  type ScriptedBlock,
  type ScriptedReply,
  startMessagesServer,
} from '../../test/support/messages-server.js';
import { digestOf } from '../base/digest.js';
import type { Migration } from '../site/migration.js';
import type { Site } from '../site/site.js';
import type { EngineInput } from '../verify/engine.js';
import type { Verdict } from '../verify/verdict.js';
import { agentEngine } from './agent-engine.js';
import type { BudgetLimits } from './budget.js';

const MIGRATION: Migration = {
  file: 'prompts/raise-limit.md',
  name: 'raise-limit',
  version: '1.0.0',
  title: 'Raise the limit',
  kind: 'configuration',
  targets: { plcTypes: [], firmwareVersion: null, safetyRatings: [], tags: [] },
  recipe: null,
  touches: null,
  mayChange: ['src/**'],
  mustNotChange: ['**/emergency_stop*'],
  sections: { goal: '', preconditions: '', examples: '', doNotChange: '', successCriteria: '', notes: '' },
  examples: [],
  text: '# Raise the limit\nSet Limit to 20.',
  digest: digestOf('raise-limit'),
};

const SITE: Site = {
  snapshot: new Map(),
  manifest: { site: 'plant-01', dialect: 'iec', safety: { certified: ['src/certified/**'] } },
  manifestFindings: [],
  project: {
    dialect: 'iec',
    files: [],
    pous: [],
    globals: new Map(),
    schedule: [],
    findings: [],
  } as unknown as Site['project'],
  libraryPaths: new Set(),
};

let folder: string;
let server: MessagesServer | null = null;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plantwright-agent-'));
  mkdirSync(join(folder, 'src', 'certified'), { recursive: true });
  writeFileSync(join(folder, 'src', 'Main.st'), 'Limit := 10;\r\nOther := 10;\r\n');
  writeFileSync(join(folder, 'src', 'emergency_stop.st'), 'Stop := TRUE;\n');
  writeFileSync(join(folder, 'src', 'certified', 'Press.st'), 'P := 1;\n');
  writeFileSync(join(folder, 'plantwright.yaml'), 'site: plant-01\n');
});

afterEach(async () => {
  await server?.close();
  server = null;
  rmSync(folder, { recursive: true, force: true });
});

function verdict(status: 'passed' | 'failed', message = 'Main.Motor no longer depends on Main.Guard'): Verdict {
  const findings =
    status === 'passed'
      ? []
      : [
          {
            code: 'IL02',
            rule: 'interlock-weakened',
            severity: 'blocker' as const,
            message,
            file: 'src/Main.st',
            line: 1,
            column: 1,
            endLine: 1,
            endColumn: 2,
            related: [],
            witness: {},
          },
        ];
  return {
    schema: 'plantwright/verdict@1',
    site: 'plant-01',
    base: 'a',
    head: 'b',
    diff: digestOf('d'),
    status,
    review: 'engineer',
    stages: [
      { stage: 'compile', status: 'passed', findings: [], evidence: {}, ms: 0 },
      { stage: 'safety', status, findings, evidence: {}, ms: 0 },
      { stage: 'simulation', status: 'not-applicable', findings: [], evidence: {}, ms: 0 },
      { stage: 'proof', status: 'not-applicable', findings: [], evidence: {}, ms: 0 },
      { stage: 'judge', status: 'not-applicable', findings: [], evidence: {}, ms: 0 },
    ],
    tool: { version: '0', rules: digestOf('r') },
    digest: digestOf(status + message),
  };
}

const call = (name: string, input: unknown): ScriptedReply => ({
  kind: 'message',
  blocks: [{ type: 'tool_use', name, input }],
});
const calls = (...blocks: ScriptedBlock[]): ScriptedReply => ({ kind: 'message', blocks });

async function run(
  script: readonly ScriptedReply[],
  options: { verify?: () => Promise<Verdict>; limits?: Partial<BudgetLimits>; signal?: AbortSignal } = {},
) {
  server = await startMessagesServer(script);
  const journal: Record<string, unknown>[] = [];
  const input: EngineInput = {
    migration: MIGRATION,
    site: SITE,
    worktree: folder,
    verify: options.verify ?? (async () => verdict('passed')),
    signal: options.signal ?? new AbortController().signal,
    progress: () => {},
    journal: (entry) => journal.push(entry),
  };
  const engine = agentEngine({
    endpoint: { baseUrl: server.baseUrl, credential: { kind: 'bearer', secret: 'local' }, model: 'scripted-model' },
    limits: { turns: 8, tokens: null, usd: null, ...options.limits },
    maxReplyTokens: 1000,
    replyTimeoutMs: 10_000,
    price: null,
  });
  return { outcome: await engine.run(input), journal, requests: server.requests };
}

/** The text of all tool results of the last request. */
function lastToolResults(requests: readonly { body: Record<string, unknown> }[]): string {
  const messages = requests.at(-1)?.body['messages'] as { role: string; content: unknown }[];
  return JSON.stringify(messages.at(-1)?.content);
}

describe('the agent loop', () => {
  test('edits, verifies and finishes; the file keeps its CRLF line ends', async () => {
    const { outcome, requests } = await run([
      call('list', {}),
      call('read', { path: 'src/Main.st' }),
      call('edit', { path: 'src/Main.st', old_text: 'Limit := 10;\nOther', new_text: 'Limit := 20;\nOther' }),
      call('finish', { outcome: 'changed', text: 'Limit is 20' }),
    ]);
    expect(outcome).toEqual({
      kind: 'changed',
      summary: 'Limit is 20',
      cost: { inputTokens: 400, outputTokens: 80, turns: 4, usd: null },
    });
    expect(readFileSync(join(folder, 'src', 'Main.st'), 'utf8')).toBe('Limit := 20;\r\nOther := 10;\r\n');
    expect(requests).toHaveLength(4);
  });

  test('sends the whole history every turn, streams, and uses exactly the given credential', async () => {
    const { requests } = await run([
      call('list', {}),
      call('finish', { outcome: 'not-needed', text: 'is 20 already' }),
    ]);
    expect(requests[0]?.path).toMatch(/^\/v1\/messages/);
    expect(requests[0]?.headers['authorization']).toBe('Bearer local');
    expect(requests[0]?.headers['x-api-key']).toBeUndefined();
    expect(requests[0]?.body['stream']).toBe(true);
    expect(requests[0]?.body['thread']).toBeUndefined();
    expect(requests[1]?.body['messages']).toHaveLength(3);
  });

  test('a finish with a failing verdict is sent back, and the mended change passes', async () => {
    const verdicts = [verdict('failed'), verdict('passed')];
    const { outcome, requests } = await run(
      [call('finish', { outcome: 'changed', text: 'done' }), call('finish', { outcome: 'changed', text: 'mended' })],
      { verify: async () => verdicts.shift() ?? verdict('passed') },
    );
    expect(lastToolResults(requests)).toContain('IL02');
    expect(outcome).toMatchObject({ kind: 'changed', summary: 'mended' });
  });

  test('three equal failed verdicts in a row end the attempt', async () => {
    const { outcome } = await run([call('verify', {})], { verify: async () => verdict('failed') });
    expect(outcome).toMatchObject({ kind: 'failed', reason: expect.stringContaining('stuck'), cost: { turns: 3 } });
  });

  test('needs-engineer carries one finding per reason', async () => {
    const { outcome } = await run([call('finish', { outcome: 'needs-engineer', text: 'no second channel\nno reset' })]);
    expect(outcome).toMatchObject({
      kind: 'needs-engineer',
      reasons: [{ message: 'no second channel' }, { message: 'no reset' }],
    });
  });

  test.each<[string, ScriptedReply[], Partial<BudgetLimits>, string]>([
    ['turns', [call('list', {})], { turns: 2 }, 'limit of 2 turns'],
    ['tokens', [call('list', {})], { tokens: 200 }, 'limit of 200 tokens'],
    ['a dollar budget without a price', [call('list', {})], { usd: 1 }, 'known price'],
    ['a refusal', [{ kind: 'message', blocks: [{ type: 'text', text: 'no' }], stop: 'refusal' }], {}, 'refused'],
    [
      'a cut reply',
      [{ kind: 'message', blocks: [{ type: 'text', text: 'Let' }], stop: 'max_tokens' }],
      {},
      'max_tokens',
    ],
    [
      'talk without finish',
      [{ kind: 'message', blocks: [{ type: 'text', text: 'I approve.' }] }],
      {},
      'without calling finish',
    ],
    [
      'HTML instead of JSON',
      [{ kind: 'raw', status: 404, contentType: 'text/html', body: '<h1>no</h1>' }],
      {},
      'HTTP 404',
    ],
    ['a wrong key', [{ kind: 'error', status: 401, type: 'authentication_error' }], {}, 'HTTP 401'],
  ])('stops with a reason: %s', async (_name, script, limits, reason) => {
    const { outcome } = await run(script, { limits });
    expect(outcome).toMatchObject({ kind: 'failed', reason: expect.stringContaining(reason) });
  });

  test('an overloaded endpoint is tried again', async () => {
    const { outcome } = await run([
      { kind: 'error', status: 529, type: 'overloaded_error' },
      call('finish', { outcome: 'not-needed', text: 'nothing to do' }),
    ]);
    expect(outcome).toMatchObject({ kind: 'not-needed' });
  });

  test('cancelling ends a request that hangs', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    const { outcome } = await run([{ kind: 'silence' }], { signal: controller.signal });
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'cancelled' });
  });
});

describe('the fence around the worktree', () => {
  test.each<[string, unknown, string]>([
    ['a way up', { path: '../secret.st', old_text: 'a', new_text: 'b' }, 'must not lead out'],
    ['an absolute path', { path: '/etc/passwd', old_text: 'a', new_text: 'b' }, 'relative to the site'],
    ['a drive letter', { path: 'C:\\x.st', old_text: 'a', new_text: 'b' }, 'relative to the site'],
    ['an alternate stream', { path: 'src/Main.st:x', old_text: 'a', new_text: 'b' }, 'colon'],
    ['the git folder', { path: '.git/config', old_text: 'a', new_text: 'b' }, 'not part of the site'],
    ['a link out', { path: 'src/link.st', old_text: 'a', new_text: 'b' }, 'symbolic link'],
    ['a linked folder', { path: 'linked/hosts.st', old_text: 'a', new_text: 'b' }, 'symbolic link'],
    ['the manifest', { path: 'plantwright.yaml', old_text: 'site', new_text: 'x' }, 'not changed by an agent'],
    ['a certified file', { path: 'src/certified/Press.st', old_text: 'P', new_text: 'Q' }, 'certified'],
    ['e-stop logic', { path: 'src/emergency_stop.st', old_text: 'TRUE', new_text: 'FALSE' }, 'must not change'],
    ['text that occurs twice', { path: 'src/Main.st', old_text: ':= 10', new_text: ':= 20' }, 'more than once'],
  ])('refuses %s', async (_name, edit, reason) => {
    const outside = mkdtempSync(join(tmpdir(), 'plantwright-outside-'));
    writeFileSync(join(outside, 'hosts.st'), 'a');
    symlinkSync(join(outside, 'hosts.st'), join(folder, 'src', 'link.st'));
    symlinkSync(outside, join(folder, 'linked'));
    const { requests } = await run([call('edit', edit), call('finish', { outcome: 'not-needed', text: 'gave up' })]);
    expect(lastToolResults(requests)).toContain(reason);
    expect(readFileSync(join(folder, 'src', 'Main.st'), 'utf8')).toBe('Limit := 10;\r\nOther := 10;\r\n');
    expect(readFileSync(join(outside, 'hosts.st'), 'utf8')).toBe('a');
    rmSync(outside, { recursive: true });
  });

  test('a call with a wrong shape goes back to the model as an error', async () => {
    const { requests, outcome } = await run([
      calls({ type: 'tool_use', name: 'approve', input: {} }, { type: 'tool_use', name: 'read', input: { path: 5 } }),
      call('finish', { outcome: 'not-needed', text: 'nothing' }),
    ]);
    expect(lastToolResults(requests)).toContain('"is_error":true');
    expect(outcome).toMatchObject({ kind: 'not-needed' });
  });
});
