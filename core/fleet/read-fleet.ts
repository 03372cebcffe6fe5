/** Reads `fleet.yaml`: schema, settings that would weaken a promise, sites that can't be told apart. */

import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { digestOf } from '../base/digest.js';
import { compareFindings, type Finding, type Severity, startOfFile } from '../base/finding.js';
import { decodeUtf8, readYaml, type YamlDocument, type YamlPath, yamlFinding } from '../base/yaml-document.js';
import { validateYaml } from '../base/yaml-validation.js';
import { type Fleet, type FleetSettings, type FleetSite, fleetSchema } from './fleet.js';

export interface FleetReading {
  /** Null when the file is unreadable, does not fit the schema or holds a refused setting. */
  readonly fleet: Fleet | null;
  readonly findings: readonly Finding[];
}

/** Reads a fleet file from disk. A missing or unreadable file is a finding. */
export async function readFleet(file: string): Promise<FleetReading> {
  const absolute = resolve(file);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(absolute);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why =
      code === 'ENOENT'
        ? 'does not exist'
        : code === 'EISDIR'
          ? 'is a folder'
          : `can't be read (${code ?? 'unknown reason'})`;
    return {
      fleet: null,
      findings: [yamlFinding('FLEET-FILE', 'fleet-file', startOfFile(file), `The fleet file ${file} ${why}.`)],
    };
  }
  const { text, findings } = decodeUtf8(bytes, file);
  if (text === null) return { fleet: null, findings };
  return readFleetText(text, absolute, file);
}

/** Reads the text of a fleet file that stands at an absolute path. `shownAs` is its name in findings. */
export function readFleetText(text: string, absolute: string, shownAs: string = basename(absolute)): FleetReading {
  const { document, findings } = readYaml(text, shownAs);
  if (document === null) return { fleet: null, findings };
  const secrets = secretsIn(document);
  const { value, findings: mistakes } = validateYaml(document, fleetSchema);
  if (value === null) {
    const others = mistakes.filter(
      (mistake) => !secrets.some((secret) => secret.line === mistake.line && mistake.code === 'CFG-KEY'),
    );
    return { fleet: null, findings: [...secrets, ...others].sort(compareFindings) };
  }
  const folder = dirname(absolute);
  const sites = value.sites.map((site, index) => siteOf(site, index, folder, value, document));
  const more = [
    ...secrets,
    ...weakenings(value, document),
    ...clashes(sites, value, document),
    ...unusedSettings(value, document),
  ].sort(compareFindings);
  if (more.some(({ severity }) => severity === 'error')) return { fleet: null, findings: more };
  const people = (value.people ?? []).map((person) => ({ ...person, name: person.name ?? null }));
  return { fleet: { file: absolute, folder, sites, people, settings: value, digest: digestOf(text) }, findings: more };
}

type RawSite = FleetSettings['sites'][number];

function siteOf(
  site: RawSite,
  index: number,
  folder: string,
  settings: FleetSettings,
  document: YamlDocument,
): FleetSite {
  return {
    name: site.name,
    folderName: folderNameOf(site.name),
    location: site.location ?? null,
    plcType: site.plc_type ?? null,
    firmwareVersion: site.firmware_version ?? null,
    lineType: site.line_type ?? null,
    repoPath: site.repo_path,
    root: resolve(folder, site.repo_path),
    safetyRating: site.safety_rating === undefined ? null : normalRating(site.safety_rating),
    tags: site.tags ?? [],
    wave: settings.waves?.find((wave) => isInWave(site, wave.where))?.name ?? null,
    place: document.locate(['sites', index]),
  };
}

/** A name that is safe as the name of a folder on every system. */
function folderNameOf(name: string): string {
  const safe = name.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+|[.-]+$/g, '');
  return safe === '' ? 'site' : safe;
}

function normalRating(text: string): string {
  const level = /^sil[\s_-]*([1-4])$/i.exec(text.trim())?.[1];
  return level === undefined ? text : `SIL-${level}`;
}

type Where = NonNullable<FleetSettings['waves']>[number]['where'];

function isInWave(site: RawSite, where: Where): boolean {
  if (where === 'all') return true;
  const wanted = (list: string | readonly string[]): readonly string[] => (typeof list === 'string' ? [list] : list);
  const meets = (list: string | readonly string[] | undefined, values: readonly string[]): boolean =>
    list === undefined ||
    wanted(list).some((want) => values.some((value) => value.toLowerCase() === want.toLowerCase()));
  const one = (value: string | undefined): readonly string[] => (value === undefined ? [] : [value]);
  return (
    meets(where.names, [site.name]) &&
    meets(where.tags, site.tags ?? []) &&
    meets(where.location, one(site.location)) &&
    meets(where.plc_type, one(site.plc_type)) &&
    meets(where.line_type, one(site.line_type)) &&
    meets(where.safety_rating, one(site.safety_rating))
  );
}

function finding(
  document: YamlDocument,
  path: YamlPath,
  severity: Severity,
  code: string,
  rule: string,
  message: string,
): Finding {
  return { ...yamlFinding(code, rule, document.locate(path), message), severity };
}

/** Verifiers by the names that fleets use for them, without which there is no verdict at all. */
const ESSENTIAL_VERIFIER = /safety|interlock|compil|syntax/i;

/** Settings that would weaken one of the promises are refused, with the promise that they would break. */
function weakenings(settings: FleetSettings, document: YamlDocument): Finding[] {
  const findings: Finding[] = [];
  const refuse = (path: YamlPath, message: string): void => {
    findings.push(finding(document, path, 'error', 'FLEET-WEAKENS', 'weakening-setting', message));
  };
  settings.verification?.verifiers?.forEach((verifier, index) => {
    if (!ESSENTIAL_VERIFIER.test(verifier.type)) return;
    for (const key of ['required', 'critical'] as const) {
      if (verifier[key] !== false) continue;
      refuse(
        ['verification', 'verifiers', index, key],
        `"${key}: false" for the verifier "${verifier.type}" is refused: safety is never skipped, and a failed or missing result stops the change. Remove the setting.`,
      );
    }
  });
  const management = settings.change_management;
  if (management?.approval_required === false) {
    refuse(
      ['change_management', 'approval_required'],
      '"approval_required: false" is refused: a person signs every change before it is published. Remove the setting.',
    );
  }
  if (management?.safety_review_required === false) {
    refuse(
      ['change_management', 'safety_review_required'],
      '"safety_review_required: false" is refused: a change of safety logic needs the signature of a safety engineer. Remove the setting.',
    );
  }
  if (management?.simulation_before_deploy === false) {
    refuse(
      ['change_management', 'simulation_before_deploy'],
      '"simulation_before_deploy: false" is refused: simulation is one of the verifiers, and none can be switched off. Remove the setting.',
    );
  }
  const audit = settings.logging?.audit_log;
  if (audit === '' || audit === false || audit === null || (typeof audit === 'string' && audit.trim() === '')) {
    refuse(
      ['logging', 'audit_log'],
      'An empty "audit_log" is refused: every event is kept in the audit log, which can\'t be switched off. Remove the setting.',
    );
  }
  return findings;
}

/** Settings of older fleets that load but have no effect here: said, so that nobody relies on them. */
function unusedSettings(settings: FleetSettings, document: YamlDocument): Finding[] {
  const unused: [YamlPath, string][] = [];
  settings.verification?.verifiers?.forEach((verifier, index) => {
    const isWeak = verifier.required === false || verifier.critical === false;
    if (!isWeak || ESSENTIAL_VERIFIER.test(verifier.type)) return;
    unused.push([
      ['verification', 'verifiers', index],
      `Every verifier always runs and a failed one stops the change; "required" and "critical" of "${verifier.type}" have no effect.`,
    ]);
  });
  if (typeof settings.logging?.audit_log === 'string' && settings.logging.audit_log.trim() !== '') {
    unused.push([
      ['logging', 'audit_log'],
      'The audit log stands in .plantwright/audit/log.jsonl beside fleet.yaml; the path written here is not used.',
    ]);
  }
  if (settings.logging?.mlflow_tracking === true)
    unused.push([['logging', 'mlflow_tracking'], 'Plantwright sends nothing to MLflow; the setting has no effect.']);
  return unused.map(([path, message]) => finding(document, path, 'info', 'FLEET-UNUSED', 'unused-setting', message));
}

function clashes(sites: readonly FleetSite[], settings: FleetSettings, document: YamlDocument): Finding[] {
  const findings: Finding[] = [];
  const report = (path: YamlPath, message: string): void => {
    findings.push(finding(document, path, 'error', 'FLEET-CLASH', 'not-unique', message));
  };
  const unique = (
    values: readonly string[],
    path: (index: number) => YamlPath,
    message: (first: number, index: number) => string,
  ): void => {
    const seen = new Map<string, number>();
    values.forEach((value, index) => {
      const first = seen.get(value);
      if (first === undefined) seen.set(value, index);
      else report(path(index), message(first, index));
    });
  };
  const nameOf = (index: number): string => sites[index]?.name ?? '';
  unique(
    sites.map((site) => site.folderName.toLowerCase()),
    (index) => ['sites', index, 'name'],
    (first, index) =>
      `The site "${nameOf(index)}" has the same name as sites[${first}] "${nameOf(first)}", or one that gives the same folder name. Give each its own.`,
  );
  unique(
    sites.map((site) => site.root),
    (index) => ['sites', index, 'repo_path'],
    (first, index) =>
      `The sites "${nameOf(first)}" and "${nameOf(index)}" have the same repository. A site is one repository of its own.`,
  );
  const people = settings.people ?? [];
  unique(
    people.map((person) => person.id.toLowerCase()),
    (index) => ['people', index, 'id'],
    (first) => `This id is already that of people[${first}].`,
  );
  unique(
    people.map((person) => person.key),
    (index) => ['people', index, 'key'],
    (first) => `This key is already that of people[${first}]. A key belongs to one person.`,
  );
  unique(
    (settings.waves ?? []).map((wave) => wave.name),
    (index) => ['waves', index, 'name'],
    (first) => `This name is already that of waves[${first}].`,
  );
  return findings;
}

const SECRET_KEYS = ['api_key', 'apikey', 'token', 'auth_token', 'password', 'secret', 'private_key'];

/** Secrets never stand in a file. */
function secretsIn(document: YamlDocument): Finding[] {
  const findings: Finding[] = [];
  const visit = (value: unknown, path: YamlPath): void => {
    if (Array.isArray(value)) for (const [index, each] of value.entries()) visit(each, [...path, index]);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, each] of Object.entries(value)) {
        if (SECRET_KEYS.includes(key.toLowerCase()) && typeof each === 'string') {
          const message = `"${key}" is a secret and must not stand in a file. Use an environment variable, the key store of VS Code or a key file outside of every repository.`;
          findings.push({
            ...yamlFinding('FLEET-SECRET', 'secret-in-file', document.locateKey([...path, key]), message),
          });
        } else visit(each, [...path, key]);
      }
    }
  };
  visit(document.value, []);
  return findings;
}
