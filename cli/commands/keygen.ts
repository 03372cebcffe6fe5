import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { generateSigningKey, writeSigningKey } from '../../core/fleet/signing-key.js';
import { attach, type CommonOptions, printJson, type ReportExit, withCommonOptions } from '../command.js';
import { EXIT } from '../exit-code.js';
import { reasonOf } from '../read-input.js';
import { UsageError } from '../usage-error.js';

interface KeygenOptions extends CommonOptions {
  readonly id: string;
  readonly output: string;
}

export function registerKeygen(program: Command, signal: AbortSignal, reportExit: ReportExit): void {
  const command = withCommonOptions(program.command('keygen'))
    .description('Makes an Ed25519 signing key for a person')
    .requiredOption('--id <person>', 'id of the person, as it will stand under people: in fleet.yaml')
    .requiredOption('-o, --output <file>', 'where to write the private key; outside of every repository')
    .addHelpText('after', '\nExample:\n  plantwright keygen --id safety-1 -o ~/keys/safety-1.pem');
  attach<KeygenOptions>(command, signal, reportExit, async ({ terminal, wantsJson }, options) => {
    if (existsSync(options.output))
      throw new UsageError(`${options.output} exists already; a key is never overwritten.`);
    const key = generateSigningKey();
    try {
      writeSigningKey(options.output, key);
    } catch (error) {
      throw new UsageError(`${options.output} can't be written: ${reasonOf(error)}.`);
    }
    if (wantsJson) printJson(terminal, { id: options.id, file: options.output, key: key.publicKey });
    else {
      terminal.log(`The private key is in ${options.output}; keep it outside of every repository. Add to fleet.yaml:`);
      terminal.result(`people:\n  - { id: ${options.id}, roles: [safety-engineer], key: "${key.publicKey}" }`);
    }
    return EXIT.clean;
  });
}
