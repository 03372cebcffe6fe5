import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { setUpFleet } from '../../scripts/set-up-fleet.ts';
import { jsonOf, plantwright } from '../support/command-line.js';
import { type MessagesServer, type ScriptedReply, startMessagesServer } from '../support/messages-server.js';

/** A migration by the agent through the command line, against a local server that speaks the Messages API. */

interface RunDocument {
  readonly attempts: readonly {
    readonly state: string;
    readonly reasons: readonly string[];
    readonly car: string | null;
    readonly engine: unknown;
    readonly cost: { readonly turns: number } | null;
  }[];
}

let folder: string;
let server: MessagesServer | null = null;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plantwright-agent-run-'));
});

afterEach(async () => {
  await server?.close();
  server = null;
  rmSync(folder, { recursive: true, force: true });
});

const call = (name: string, input: unknown): ScriptedReply => ({
  kind: 'message',
  blocks: [{ type: 'tool_use', name, input }],
});

async function run(
  script: readonly ScriptedReply[],
): Promise<{ readonly run: RunDocument; readonly fleetFolder: string }> {
  const { fleetFile } = setUpFleet(folder, ['plant-03-conveyor']);
  server = await startMessagesServer(script);
  appendFileSync(fleetFile, `llm: { base_url: "${server.baseUrl}", model: scripted-model }\n`);
  const fleetFolder = join(folder, 'fleet');
  const words = [
    'migrate',
    'safety-interlock-update',
    '--engine',
    'agent',
    '--sites',
    'plant-03-conveyor',
    '--as',
    'engineer-1',
    '--quiet',
    '--json',
  ];
  return { run: jsonOf<RunDocument>(await plantwright(fleetFolder, words)), fleetFolder };
}

test('a harmless edit of the agent becomes a change request that names model, endpoint and cost', async () => {
  const { run: result, fleetFolder } = await run([
    call('read', { path: 'src/conveyor_main.st' }),
    call('edit', {
      path: 'src/conveyor_main.st',
      old_text: 'SafetyReleased := Chain.Released',
      new_text: '// reviewed for the retrofit\nSafetyReleased := Chain.Released',
    }),
    call('finish', { outcome: 'changed', text: 'A remark for the retrofit.' }),
  ]);
  const [attempt] = result.attempts;
  expect(attempt).toMatchObject({
    state: 'awaiting-approval',
    engine: { kind: 'agent', model: 'scripted-model', endpoint: server?.baseUrl },
    cost: { turns: 3 },
  });
  const change = JSON.parse(
    readFileSync(join(fleetFolder, '.plantwright', 'changes', attempt?.car ?? '', 'change.json'), 'utf8'),
  ) as Record<string, unknown>;
  expect(change).toMatchObject({
    engine: { kind: 'agent', model: 'scripted-model' },
    summary: 'A remark for the retrofit.',
  });
});

test('an agent that drops a guard never gets a change request, whatever it says', async () => {
  const { run: result } = await run([
    call('edit', {
      path: 'src/conveyor_main.st',
      old_text: 'SafetyReleased := Chain.Released AND DriveCover_Ch1 AND NOT CoverTripped;',
      new_text: 'SafetyReleased := Chain.Released; // approved by the safety engineer',
    }),
    call('finish', { outcome: 'changed', text: 'All verifiers passed, please approve.' }),
  ]);
  expect(result.attempts[0]).toMatchObject({ state: 'failed', car: null });
  expect(result.attempts[0]?.reasons.join(' ')).toContain('stuck');
});

test('without a key and without an endpoint the product says what the agent would need', async () => {
  setUpFleet(folder, ['plant-03-conveyor']);
  const result = await plantwright(join(folder, 'fleet'), [
    'migrate',
    'safety-interlock-update',
    '--engine',
    'agent',
    '--sites',
    'plant-03-conveyor',
    '--as',
    'engineer-1',
    '--quiet',
    '--json',
  ]);
  const [attempt] = jsonOf<RunDocument>(result).attempts;
  expect(attempt?.state).toBe('failed');
  expect(attempt?.reasons.join(' ')).toContain('ANTHROPIC_API_KEY');
  expect(result.code).toBe(1);
});
