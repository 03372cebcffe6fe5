import { appendFileSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Verdict } from '../verify/verdict.js';
import { type Approval, ApprovedChange, signApproval, standingOf } from './approval.js';
import { auditPaths } from './audit-log.js';
import { type ChangeOrigin, type ChangeRecord, packChange } from './change-request.js';
import { approve, readApprovals, reject, viewChange, viewChanges } from './changes.js';
import type { Fleet, Person } from './fleet.js';
import { publish, rollback } from './publish.js';
import { startRun } from './run.js';
import {
  generateSigningKey,
  isSignatureOf,
  parsePublicKey,
  readSigningKey,
  type SigningKey,
  signText,
  writeSigningKey,
} from './signing-key.js';
import { git, loadFleet, MAIN, makeFleetFolder, personLine, runRequest, START } from './testing/fixture-fleet.js';
import { type ChangeContent, VerifiedChange } from './verified-change.js';
import { verifyAudit } from './verify-audit.js';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const KEYS = {
  'safety-1': generateSigningKey(),
  'safety-2': generateSigningKey(),
  'eng-1': generateSigningKey(),
  'eng-2': generateSigningKey(),
};
type PersonId = keyof typeof KEYS;

const PEOPLE = `people:\n${personLine('safety-1', ['safety-engineer'], KEYS['safety-1'])}${personLine('safety-2', ['safety-engineer', 'engineer'], KEYS['safety-2'])}${personLine('eng-1', ['engineer', 'safety-engineer'], KEYS['eng-1'])}${personLine('eng-2', ['engineer'], KEYS['eng-2'])}`;

const clock = (): Date => START;

/** A fleet with one change request at site A, made by a run that eng-1 started. */
async function changeRequest(rating = 'SIL-2'): Promise<{ fleet: Fleet; id: string; root: string }> {
  const manifest = `site: A\ndialect: iec\nplc_type: Siemens S7-1500\nfirmware_version: "2.9.3"\nentry: Main\nsafety: { rating: ${rating} }\n`;
  const folder = makeFleetFolder(['A'], { A: { manifest } }, PEOPLE);
  folders.push(folder);
  const summary = await startRun(runRequest(folder));
  return { fleet: loadFleet(folder), id: summary.attempts[0]?.car ?? '', root: join(folder, 'sites/A') };
}

const sign = (
  fleet: Fleet,
  change: string,
  person: PersonId | 'nobody',
  key: SigningKey = KEYS[person as PersonId] ?? KEYS['eng-2'],
) => approve({ fleet, change, person, key, meaning: 'approval', clock });

const fileIn = (fleet: Fleet, id: string, name: string): string => join(fleet.folder, '.plantwright/changes', id, name);

describe('approval', () => {
  it('by a safety engineer is enough where one is asked for, and is in the audit log', async () => {
    const { fleet, id } = await changeRequest();
    expect(viewChange(fleet, id)).toMatchObject({
      status: 'awaiting-approval',
      standing: { missing: ['It needs the approval of a safety engineer.'] },
    });
    expect((await sign(fleet, id, 'safety-1')).status).toBe('approved');
    expect(await verifyAudit(fleet)).toMatchObject({ ok: true });
  });

  it('by one is not enough where two are asked for', async () => {
    const { fleet, id } = await changeRequest('SIL-3');
    expect((await sign(fleet, id, 'safety-1')).standing.missing).toEqual([
      'It needs the approvals of two safety engineers (1 of 2 given).',
    ]);
    await expect(sign(fleet, id, 'safety-1')).rejects.toThrow('safety-1 has signed');
    expect((await sign(fleet, id, 'safety-2')).status).toBe('approved');
  });

  it.each([
    ['the author', 'eng-1', undefined, "eng-1 started the run; the author of a change can't sign it"],
    ['somebody who is not in fleet.yaml', 'nobody', undefined, 'nobody is not among the people of fleet.yaml'],
    ['somebody with the key of another', 'safety-1', KEYS['safety-2'], 'The key is not that of safety-1'],
  ] as const)('is refused from %s', async (_, person, key, message) => {
    const { fleet, id } = await changeRequest();
    await expect(sign(fleet, id, person, key)).rejects.toThrow(message);
    expect(readApprovals(fleet.folder, id)).toEqual([]);
  });

  it('by an engineer is recorded but does not count for safety logic, nor does a review', async () => {
    const { fleet, id } = await changeRequest();
    expect((await sign(fleet, id, 'eng-2')).status).toBe('awaiting-approval');
    expect(
      (await approve({ fleet, change: id, person: 'safety-1', key: KEYS['safety-1'], meaning: 'review', clock }))
        .status,
    ).toBe('awaiting-approval');
  });

  it('is over when somebody rejects, with a reason', async () => {
    const { fleet, id } = await changeRequest();
    const request = {
      fleet,
      change: id,
      person: 'safety-1',
      key: KEYS['safety-1'],
      meaning: 'approval',
      clock,
    } as const;
    expect(() => reject({ ...request, reason: '  ' })).toThrow('needs a reason');
    expect((await reject({ ...request, reason: 'The reset is in reach of the danger zone.' })).status).toBe('rejected');
    await expect(sign(fleet, id, 'safety-2')).rejects.toThrow('was rejected');
    await expect(publish({ fleet, change: id, by: 'safety-2', clock }, { mode: 'merge' })).rejects.toThrow(
      'The change was rejected.',
    );
  });

  it.each(['diff.patch', 'verdict.json', 'report.html', 'checklist.md', 'simulation.json'])(
    'is refused and void when %s was changed',
    async (name) => {
      const { fleet, id } = await changeRequest();
      const file = fileIn(fleet, id, name);
      const text = readFileSync(file, 'utf8');
      writeFileSync(file, name.endsWith('.json') ? text.replace('"passed"', '"failed"') : `${text} `);
      expect(viewChange(fleet, id)).toMatchObject({ status: 'stale', altered: [name] });
      await expect(sign(fleet, id, 'safety-1')).rejects.toThrow(`${name} no longer is what change.json is bound to`);
    },
  );

  it('becomes stale when change.json changes afterwards', async () => {
    const { fleet, id } = await changeRequest();
    await sign(fleet, id, 'safety-1');
    const file = fileIn(fleet, id, 'change.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('Added the emergency stop', 'Did nothing'));
    expect(viewChange(fleet, id)).toMatchObject({ status: 'stale', standing: { status: 'awaiting-approval' } });
    await expect(publish({ fleet, change: id, by: 'safety-1', clock }, { mode: 'merge' })).rejects.toThrow(
      'not approved',
    );
  });

  it('is refused when the branch was moved, or the review in change.json was lowered', async () => {
    const { fleet, id, root } = await changeRequest();
    const { record } = viewChange(fleet, id);
    git(root, 'branch', '-f', record.branch, record.base);
    await expect(sign(fleet, id, 'safety-1')).rejects.toThrow('is stale: its branch');
    git(root, 'branch', '-f', record.branch, record.head);
    const file = fileIn(fleet, id, 'change.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"review": "safety-engineer"', '"review": "engineer"'));
    await sign(fleet, id, 'eng-2');
    await expect(publish({ fleet, change: id, by: 'eng-2', clock }, { mode: 'merge' })).rejects.toThrow(
      'asks for another review than the verdict',
    );
  });

  it('put beside the change request by hand is found by audit verify', async () => {
    const { fleet, id } = await changeRequest();
    await sign(fleet, id, 'safety-1');
    const [approval] = readApprovals(fleet.folder, id);
    const forged = { ...approval, person: 'safety-2' };
    writeFileSync(
      fileIn(fleet, id, 'approvals/x.json'),
      JSON.stringify({ ...forged, signature: signText('x', KEYS['eng-2']) }),
    );
    expect((await verifyAudit(fleet)).firstBad?.reason).toContain('has no entry in the log');
    expect(viewChange(fleet, id).standing.ignored).toHaveLength(1);
  });

  it('re-signed with another key in the log is found by audit verify', async () => {
    const { fleet, id } = await changeRequest();
    await sign(fleet, id, 'safety-1');
    const other = generateSigningKey();
    const text = readFileSync(join(fleet.folder, 'fleet.yaml'), 'utf8').replace(
      KEYS['safety-1'].publicKey,
      other.publicKey,
    );
    writeFileSync(join(fleet.folder, 'fleet.yaml'), text);
    const report = await verifyAudit(loadFleet(fleet.folder));
    expect(report.firstBad).toMatchObject({
      reason: 'it is signed with a key that is not that of safety-1 in fleet.yaml',
    });
  });
});

describe('the policy', () => {
  const people: Person[] = (Object.keys(KEYS) as PersonId[]).map((id) => ({
    id,
    name: null,
    roles: id.startsWith('safety') ? ['safety-engineer'] : ['engineer'],
    key: KEYS[id].publicKey,
  }));
  const record = { id: 'CAR-A', author: 'eng-1', review: 'safety-engineer' } as ChangeRecord;
  const by = async (person: PersonId, more: Partial<Approval> = {}, on: ChangeRecord = record): Promise<Approval> => {
    const { changeDigest } = await import('./change-request.js');
    const role = person.startsWith('safety') ? 'safety-engineer' : 'engineer';
    return signApproval(
      {
        schema: 'plantwright/approval@1',
        change: 'CAR-A',
        digest: changeDigest(on),
        person,
        role,
        meaning: 'approval',
        decision: 'accept',
        reason: null,
        time: 't',
        ...more,
      },
      KEYS[person],
    );
  };

  it.each([
    ['none', ['eng-2'], 'approved'],
    ['none', [], 'awaiting-approval'],
    ['engineer', ['eng-2'], 'approved'],
    ['engineer', ['eng-1'], 'awaiting-approval'],
    ['safety-engineer', ['eng-2'], 'awaiting-approval'],
    ['safety-engineer', ['safety-1'], 'approved'],
    ['two-safety-engineers', ['safety-1', 'safety-1'], 'awaiting-approval'],
    ['two-safety-engineers', ['safety-1', 'eng-2'], 'awaiting-approval'],
    ['two-safety-engineers', ['safety-1', 'safety-2'], 'approved'],
  ] as const)('%s with %j: %s', async (review, signers, status) => {
    const on = { ...record, review };
    const approvals = await Promise.all(signers.map((person) => by(person, {}, on)));
    expect(standingOf(on, approvals, people).status).toBe(status);
  });

  it.each([
    [
      'an altered statement',
      async () => ({ ...(await by('safety-1')), time: 'later' }),
      'does not match what is signed',
    ],
    ['a role that the person lacks', () => by('eng-2', { role: 'safety-engineer' }), 'does not have the role'],
    ['another change request', () => by('safety-1', { change: 'CAR-B' }), 'another change request'],
    ['an older state', () => by('safety-1', { digest: 'sha256:0' }), 'stale'],
    ['a signature that is none', async () => ({ ...(await by('safety-1')), signature: 'AAAA' }), 'does not match'],
  ])('ignores %s', async (_, make, reason) => {
    const standing = standingOf(record, [await make()], people);
    expect(standing.status).toBe('awaiting-approval');
    expect(standing.ignored[0]?.reason).toContain(reason);
  });
});

describe('publishing', () => {
  it('moves the base branch and its checkout to the verified commit, and takes it back', async () => {
    const { fleet, id, root } = await changeRequest();
    await expect(publish({ fleet, change: id, by: 'eng-1', clock }, { mode: 'merge' })).rejects.toThrow(
      'It needs the approval of a safety engineer.',
    );
    await sign(fleet, id, 'safety-1');
    const view = await publish({ fleet, change: id, by: 'eng-1', clock }, { mode: 'merge' });
    expect(view.status).toBe('published');
    expect(git(root, 'rev-parse', 'main')).toBe(view.record.head);
    expect(git(root, 'status', '--porcelain')).toBe('');
    expect(readFileSync(join(root, 'src/Main.st'), 'utf8')).toContain('AND EStop_OK');
    const back = await rollback({ fleet, change: id, by: 'eng-1', clock, reason: 'The second channel is not wired.' });
    expect(back.status).toBe('rolled-back');
    expect(readFileSync(join(root, 'src/Main.st'), 'utf8')).toBe(MAIN);
    expect(git(root, 'log', '--format=%s', 'main').split('\n')).toEqual([
      'Take back: Emergency stop in every motor',
      'Emergency stop in every motor',
      'As delivered',
    ]);
    expect(await verifyAudit(fleet)).toMatchObject({ ok: true });
  });

  it('never merges into a branch that moved, but pushes the branch', async () => {
    const { fleet, id, root } = await changeRequest();
    await sign(fleet, id, 'safety-1');
    appendFileSync(join(root, 'src/Main.st'), '// later\n');
    git(root, 'commit', '-qam', 'Later work');
    await expect(publish({ fleet, change: id, by: 'eng-1', clock }, { mode: 'merge' })).rejects.toThrow(
      'What would come out of a merge was not verified',
    );
    const remote = join(fleet.folder, 'remote.git');
    git(fleet.folder, 'init', '-q', '--bare', remote);
    git(root, 'remote', 'add', 'origin', remote);
    const view = await publish({ fleet, change: id, by: 'eng-1', clock }, { mode: 'push', remote: 'origin' });
    expect(git(remote, 'rev-parse', view.record.branch)).toBe(view.record.head);
    expect(viewChanges(fleet).map(({ status }) => status)).toEqual(['published']);
  });

  it('leaves uncommitted work in the checkout alone', async () => {
    const { fleet, id, root } = await changeRequest();
    await sign(fleet, id, 'safety-1');
    writeFileSync(join(root, 'src/Main.st'), 'half an edit');
    await expect(publish({ fleet, change: id, by: 'eng-1', clock }, { mode: 'merge' })).rejects.toThrow(
      'uncommitted work: src/Main.st',
    );
    expect(readFileSync(join(root, 'src/Main.st'), 'utf8')).toBe('half an edit');
  });

  it('is refused while the audit log does not hold', async () => {
    const { fleet, id } = await changeRequest();
    await sign(fleet, id, 'safety-1');
    const { log } = auditPaths(fleet.folder);
    writeFileSync(log, readFileSync(log, 'utf8').replace('run.started', 'run.stopped'));
    await expect(publish({ fleet, change: id, by: 'eng-1', clock }, { mode: 'merge' })).rejects.toThrow(
      'The audit log does not hold at entry 1',
    );
  });

  it('takes nothing back that was changed again', async () => {
    const { fleet, id, root } = await changeRequest();
    await sign(fleet, id, 'safety-1');
    await publish({ fleet, change: id, by: 'eng-1', clock }, { mode: 'merge' });
    appendFileSync(join(root, 'src/Main.st'), '// later\n');
    git(root, 'commit', '-qam', 'Later work');
    await expect(rollback({ fleet, change: id, by: 'eng-1', clock, reason: 'x' })).rejects.toThrow(
      'src/Main.st changed again',
    );
  });

  it('says when there is no such change request', async () => {
    const { fleet } = await changeRequest();
    expect(() => viewChange(fleet, 'CAR-x')).toThrow('There is no change request CAR-x');
    expect(() => viewChange(fleet, '../../x')).toThrow('There is no change request');
  });
});

describe('a verified change', () => {
  it('exists for no verdict that failed, was altered, lacks a section or judges something else', async () => {
    const { fleet, id } = await changeRequest();
    const verdict = JSON.parse(readFileSync(fileIn(fleet, id, 'verdict.json'), 'utf8'));
    const bytes = (text: string) => new Map([['src/Main.st', Buffer.from(text)]]);
    const content = { base: verdict.base, head: verdict.head, before: bytes('a'), after: bytes('b') };
    const reasons = (changed: unknown): string => {
      const result = VerifiedChange.from(changed as never, content);
      return result.verified ? '' : result.reasons.join(' ');
    };
    expect(reasons(verdict)).toBe('The verdict judges another difference than that of this change.');
    expect(reasons({ ...verdict, status: 'failed' })).toContain('altered');
    expect(reasons({ ...verdict, stages: verdict.stages.slice(0, 1) })).toContain('does not hold all of its sections');
    expect(
      reasons({
        ...verdict,
        stages: [verdict.stages[0], { ...verdict.stages[1], status: 'not-applicable' }, ...verdict.stages.slice(2)],
      }),
    ).toContain('The safety verifier gave no result.');
    expect(reasons({ ...verdict, head: 'x' })).toContain('The verdict judges x');
  });
});

describe('the types', () => {
  it('let nobody make a verified or an approved change by other means', () => {
    const parts = { verdict: {} as Verdict, content: {} as ChangeContent };
    // @ts-expect-error the constructor is private
    const made = () => new VerifiedChange(parts.verdict, parts.content);
    // @ts-expect-error a literal lacks what only the class can give
    const verified: VerifiedChange = { verified: true, ...parts };
    // @ts-expect-error a literal lacks what only the class can give
    const approved: ApprovedChange = { approved: true, change: verified, record: {} as ChangeRecord, approvals: [] };
    expect(made).toBeTypeOf('function');
    expect(VerifiedChange.is(verified)).toBe(false);
    expect(ApprovedChange.is(approved)).toBe(false);
    expect(ApprovedChange.from(verified, {} as ChangeRecord, [], [])).toMatchObject({ approved: false });
    expect(() => packChange(verified, '', {} as ChangeOrigin)).toThrow('not verified');
  });
});

describe('a signing key', () => {
  it('is written for its owner alone, never over another file, and read back', () => {
    const { fleet } = { fleet: makeFleetFolder([]) };
    folders.push(fleet);
    const file = join(fleet, 'key.pem');
    const key = generateSigningKey();
    writeSigningKey(file, key);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(() => writeSigningKey(file, key)).toThrow('EEXIST');
    expect(readSigningKey(file).publicKey).toBe(key.publicKey);
    expect(isSignatureOf('text', signText('text', readSigningKey(file)), key.publicKey)).toBe(true);
    expect(isSignatureOf('text!', signText('text', key), key.publicKey)).toBe(false);
    expect(readdirSync(fleet)).toContain('key.pem');
    writeFileSync(join(fleet, 'no.pem'), 'x', { mode: 0o600 });
    expect(() => readSigningKey(join(fleet, 'no.pem'))).toThrow('holds no private key');
    expect(() => readSigningKey(join(fleet, 'missing.pem'))).toThrow('does not exist');
  });

  it('has a public part of 32 bytes, raw or in SPKI form', () => {
    const { publicKey } = generateSigningKey();
    expect(Buffer.from(publicKey.slice(8), 'base64')).toHaveLength(32);
    const spki = parsePublicKey(publicKey)?.export({ type: 'spki', format: 'der' }).toString('base64');
    expect(parsePublicKey(`ed25519:${spki}`)?.equals(parsePublicKey(publicKey) as never)).toBe(true);
    expect(parsePublicKey('ed25519:AAAA')).toBeNull();
    expect(parsePublicKey('rsa:AAAA')).toBeNull();
  });
});
