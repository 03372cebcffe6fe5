import { describe, expect, it } from 'vitest';
import type { FleetSite } from './fleet.js';
import { readFleet, readFleetText } from './read-fleet.js';
import { matchesFilter, parseSiteFilter, unmetTerms } from './site-filter.js';

const read = (text: string) => readFleetText(text, '/plants/fleet.yaml');
const told = (text: string): string =>
  read(text)
    .findings.map((f) => `${f.line}:${f.column} ${f.severity} ${f.code} ${f.message}`)
    .join('\n');

const SITE = 'sites:\n  - { name: A, repo_path: a }\n';
const KEY = 'ed25519:c2hvcnQ=';

/** A fleet as teams already keep it, with every key that is said to load unchanged. */
const LEGACY = `
sites:
  - name: Plant-01-Assembly
    location: Detroit, MI
    plc_type: Siemens S7-1500
    firmware_version: 2.9.3
    line_type: Assembly
    repo_path: ./sites/plant-01
    safety_rating: SIL-2
    tags: [production, pilot]
  - { name: Plant-02-Packaging, plc_type: Siemens S7-1200, firmware_version: 4.10, repo_path: /srv/plant-02, safety_rating: SIL2, tags: [] }
llm: { provider: anthropic, model: some-model, base_url: "http://127.0.0.1:8000", max_tokens: 8192, timeout: 300 }
agent: { max_turns: 20, max_retries: 3, timeout: 600, tools: [read, edit, verify] }
verification:
  verifiers:
    - { type: safety, required: true, timeout: 300, critical: true }
    - { type: simulation, required: false, timeout: 600 }
  judge: { enabled: true, confidence_threshold: 0.8, model: some-model }
change_management: { approval_required: true, safety_review_required: true, simulation_before_deploy: true, create_backup: true }
logging: { level: INFO, format: json, audit_log: logs/audit.jsonl, mlflow_tracking: false, mlflow_uri: "http://localhost:5000" }
`;

describe('fleet.yaml', () => {
  it('loads the keys of existing fleets unchanged', () => {
    const { fleet, findings } = read(LEGACY);
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(fleet?.sites[0]).toMatchObject({
      root: '/plants/sites/plant-01',
      firmwareVersion: '2.9.3',
      folderName: 'Plant-01-Assembly',
    });
    expect(fleet?.sites[1]).toMatchObject({ root: '/srv/plant-02', firmwareVersion: '4.10', safetyRating: 'SIL-2' });
  });

  it('loads people, waves and budget', () => {
    const { fleet } = read(`${SITE}  - { name: B, repo_path: b, tags: [test-rig] }
people: [{ id: safety-1, roles: [safety-engineer], key: "ed25519:${Buffer.alloc(32, 1).toString('base64')}" }]
waves: [{ name: test, where: { tags: [test-rig] } }, { name: fleet, where: all, rate: 10/hour, soak: 72h }]
budget: { tokens: 2000000, usd: 25, per_site_usd: 2, minutes: 240 }
`);
    expect(fleet?.sites.map((site) => site.wave)).toEqual(['fleet', 'test']);
    expect(fleet?.people).toHaveLength(1);
  });

  it.each([
    ['an unknown key', `${SITE}wave: []\n`, '3:1 error CFG-KEY Unknown key "wave". Did you mean "waves"?'],
    [
      'an unknown key of a site',
      'sites:\n  - { name: A, repo: a }\n',
      '2:16 error CFG-KEY Unknown key "repo" in sites[0].',
    ],
    ['no sites', 'llm: { model: x }\n', '"sites" is missing; expected a list'],
    ['an empty list of sites', 'sites: []\n', 'sites must have at least 1 entries'],
    [
      'safety not required',
      `${SITE}verification: { verifiers: [{ type: safety, required: false }] }\n`,
      '3:55 error FLEET-WEAKENS "required: false" for the verifier "safety" is refused: safety is never skipped',
    ],
    [
      'safety interlocks not critical',
      `${SITE}verification: { verifiers: [{ type: safety_interlock, critical: false }] }\n`,
      'FLEET-WEAKENS',
    ],
    [
      'no safety review',
      `${SITE}change_management: { safety_review_required: false }\n`,
      'FLEET-WEAKENS "safety_review_required: false" is refused',
    ],
    ['no approval', `${SITE}change_management: { approval_required: false }\n`, 'a person signs every change'],
    ['an empty audit log', `${SITE}logging: { audit_log: "" }\n`, 'FLEET-WEAKENS An empty "audit_log" is refused'],
    ['a secret', `${SITE}llm: { api_key: sk-1 }\n`, '3:8 error FLEET-SECRET "api_key" is a secret'],
    [
      'two sites of one name',
      `${SITE}  - { name: a, repo_path: b }\n`,
      'The site "a" has the same name as sites[0] "A"',
    ],
    ['two sites of one repository', `${SITE}  - { name: B, repo_path: ./x/../a }\n`, 'have the same repository'],
    [
      'a key that is none',
      `${SITE}people: [{ id: p, roles: [engineer], key: "${KEY}" }]\n`,
      'expected a public key as "plantwright keygen" prints it',
    ],
    [
      'a role that is none',
      `${SITE}people: [{ id: p, roles: [boss], key: x }]\n`,
      'Allowed: engineer, safety-engineer',
    ],
    [
      'two people with one key',
      `${SITE}people:\n  - { id: p, roles: [engineer], key: "ed25519:${Buffer.alloc(32).toString('base64')}" }\n  - { id: q, roles: [engineer], key: "ed25519:${Buffer.alloc(32).toString('base64')}" }\n`,
      'A key belongs to one person',
    ],
  ])('refuses %s', (_, text, expected) => {
    expect(read(text).fleet).toBeNull();
    expect(told(text)).toContain(expected);
  });

  it('says when the file is not there', async () => {
    const { fleet, findings } = await readFleet('/nowhere/fleet.yaml');
    expect(fleet).toBeNull();
    expect(findings[0]?.message).toBe('The fleet file /nowhere/fleet.yaml does not exist.');
  });
});

describe('a filter of sites', () => {
  const sites = read(LEGACY).fleet?.sites ?? [];
  const names = (text: string): string[] | string => {
    const reading = parseSiteFilter(text);
    return reading.ok
      ? sites.filter((site: FleetSite) => matchesFilter(reading.filter, site)).map(({ name }) => name)
      : reading.problem;
  };

  it.each([
    ['plc_type~Siemens & firmware_version>=2.9 & safety_rating=SIL-2', ['Plant-01-Assembly', 'Plant-02-Packaging']],
    ['plc_type~s7-1500', ['Plant-01-Assembly']],
    ['plc_type=Siemens S7-1200', ['Plant-02-Packaging']],
    ['plc_type = "Siemens S7-1200"', ['Plant-02-Packaging']],
    ['firmware_version>4.9', ['Plant-02-Packaging']],
    ['firmware_version=4.10.0', ['Plant-02-Packaging']],
    ['firmware_version<2.10', ['Plant-01-Assembly']],
    ['safety_rating=sil 2', ['Plant-01-Assembly', 'Plant-02-Packaging']],
    ['tags=pilot', ['Plant-01-Assembly']],
    ['tags!=pilot', ['Plant-02-Packaging']],
    ['location~detroit', ['Plant-01-Assembly']],
    ['', ['Plant-01-Assembly', 'Plant-02-Packaging']],
    ['plc_typ~Siemens', 'Sites have no "plc_typ". Did you mean "plc_type"?'],
    ['plc_type', '"plc_type" is no condition.'],
    ['location>Detroit', 'only firmware_version and safety_rating have an order'],
    ['firmware_version>=new', '"new" is no firmware version'],
    ['tags=', 'has no value'],
    ['tags=a & & tags=b', 'is no condition'],
  ])('%s', (text, expected) => {
    const found = names(text);
    if (typeof expected === 'string') expect(found).toContain(expected);
    else expect(found).toEqual(expected);
  });

  it('says what a site does not meet', () => {
    const reading = parseSiteFilter('firmware_version>=3 & line_type=Press');
    const [site] = sites;
    expect(reading.ok && site !== undefined ? unmetTerms(reading.filter, site) : []).toEqual([
      'firmware_version is 2.9.3, wanted >= 3',
      'line_type is Assembly, wanted = Press',
    ]);
  });
});
