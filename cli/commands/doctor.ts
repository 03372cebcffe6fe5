import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { resolveEndpoint, secretsFromEnvironment } from '../../core/agent/endpoint.js';
import { gitText } from '../../core/base/git-program.js';
import { FLEET_FILE } from '../../core/fleet/fleet.js';
import { readFleet } from '../../core/fleet/read-fleet.js';
import { verifyAudit } from '../../core/fleet/verify-audit.js';
import { MANIFEST_FILE } from '../../core/site/manifest.js';
import { attach, type CommonOptions, printJson, type ReportExit, withCommonOptions } from '../command.js';
import { EXIT } from '../exit-code.js';
import { openSiteFolder } from '../project-sources.js';
import { reasonOf } from '../read-input.js';

interface DoctorOptions extends CommonOptions {
  readonly fleet: string;
}

interface Check {
  readonly name: string;
  readonly status: 'ok' | 'optional' | 'problem';
  readonly message: string;
}

export function registerDoctor(program: Command, signal: AbortSignal, reportExit: ReportExit): void {
  const command = withCommonOptions(program.command('doctor'))
    .description('Checks the set-up and says how to mend what is missing')
    .option('--fleet <file>', 'the fleet file', FLEET_FILE);
  attach<DoctorOptions>(command, signal, reportExit, async ({ terminal, wantsJson }, options) => {
    const checks = [
      nodeCheck(),
      await gitCheck(),
      ...(await fleetChecks(options.fleet)),
      ...(await siteChecks(signal)),
    ];
    if (wantsJson) printJson(terminal, { ok: checks.every((check) => check.status !== 'problem'), checks });
    else {
      const color = { ok: 'green', optional: 'yellow', problem: 'red' } as const;
      for (const check of checks)
        terminal.result(
          `${terminal.colors(color[check.status], check.status.padEnd(8))}  ${check.name.padEnd(10)}  ${check.message}`,
        );
    }
    return checks.some((check) => check.status === 'problem') ? EXIT.findings : EXIT.clean;
  });
}

function nodeCheck(): Check {
  const major = Number(process.versions.node.split('.')[0]);
  return major >= 20
    ? { name: 'node', status: 'ok', message: process.version }
    : { name: 'node', status: 'problem', message: `${process.version} is too old; install Node.js 20 or later` };
}

async function gitCheck(): Promise<Check> {
  try {
    return { name: 'git', status: 'ok', message: await gitText('.', ['--version']) };
  } catch (error) {
    return {
      name: 'git',
      status: 'problem',
      message: `git can't be run (${reasonOf(error)}); install git and put it on the PATH`,
    };
  }
}

async function fleetChecks(file: string): Promise<Check[]> {
  if (!existsSync(file)) {
    return [
      { name: 'fleet', status: 'optional', message: `no ${file} here; only the fleet commands need one` },
      endpointCheck(null, null),
    ];
  }
  const { fleet, findings } = await readFleet(file);
  const [first] = findings;
  if (fleet === null) {
    const where = first === undefined ? file : `${first.file}:${first.line}: ${first.message}`;
    return [{ name: 'fleet', status: 'problem', message: where }];
  }
  const audit = await verifyAudit(fleet);
  const missing = fleet.sites.filter((site) => !existsSync(join(site.root, '.git')));
  return [
    missing.length === 0
      ? { name: 'fleet', status: 'ok', message: `${fleet.sites.length} sites, all are git repositories` }
      : {
          name: 'fleet',
          status: 'problem',
          message: `no git repository at ${missing.map((site) => site.repoPath).join(', ')}`,
        },
    fleet.people.some((person) => person.roles.includes('safety-engineer'))
      ? { name: 'people', status: 'ok', message: `${fleet.people.length} people with signing keys` }
      : {
          name: 'people',
          status: 'problem',
          message: 'no safety engineer in people:, so nobody can approve safety changes; see plantwright keygen',
        },
    audit.ok
      ? { name: 'audit', status: 'ok', message: `${audit.entries} entries, the chain holds` }
      : {
          name: 'audit',
          status: 'problem',
          message: `damaged at entry ${audit.firstBad?.seq}: ${audit.firstBad?.reason}`,
        },
    endpointCheck(fleet.settings.llm?.base_url ?? null, fleet.settings.llm?.model ?? null),
  ];
}

function endpointCheck(baseUrl: string | null, model: string | null): Check {
  const resolved = resolveEndpoint({ baseUrl, model }, secretsFromEnvironment(process.env));
  return resolved.kind === 'missing'
    ? { name: 'model', status: 'optional', message: resolved.message }
    : {
        name: 'model',
        status: 'ok',
        message: `${resolved.endpoint.model} at ${resolved.endpoint.baseUrl} (not called)`,
      };
}

async function siteChecks(signal: AbortSignal): Promise<Check[]> {
  if (!existsSync(MANIFEST_FILE)) return [];
  const [finding] = (await openSiteFolder('.', signal)).manifestFindings;
  return [
    finding === undefined
      ? { name: 'manifest', status: 'ok', message: `${MANIFEST_FILE} can be read` }
      : { name: 'manifest', status: 'problem', message: `${finding.file}:${finding.line}: ${finding.message}` },
  ];
}
