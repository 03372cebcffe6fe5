import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { TOOL_VERSION } from '../core/base/version.js';
import type { ReportExit } from './command.js';
import { registerAudit } from './commands/audit.js';
import { registerChanges } from './commands/changes.js';
import { registerCheck } from './commands/check.js';
import { registerDoctor } from './commands/doctor.js';
import { registerFleet } from './commands/fleet.js';
import { registerFormat } from './commands/format.js';
import { registerKeygen } from './commands/keygen.js';
import { registerMigrate } from './commands/migrate.js';
import { registerPrompts } from './commands/prompts.js';
import { registerProve } from './commands/prove.js';
import { registerRuns } from './commands/runs.js';
import { registerSimulate } from './commands/simulate.js';
import { registerTest } from './commands/test.js';
import { registerVerify } from './commands/verify.js';
import { isForPeople } from './errors-for-people.js';
import { EXIT, type ExitCode } from './exit-code.js';

type Register = (program: Command, signal: AbortSignal, reportExit: ReportExit) => void;

const REGISTER: readonly Register[] = [
  registerCheck,
  registerFormat,
  registerTest,
  registerSimulate,
  registerProve,
  registerVerify,
  registerPrompts,
  registerFleet,
  registerDoctor,
  registerMigrate,
  registerRuns,
  registerChanges,
  registerAudit,
  registerKeygen,
];

/** Runs one command line and gives its exit code. Never throws; what goes wrong is a message on stderr. */
export async function runCommandLine(argv: readonly string[], signal: AbortSignal): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.clean;
  const program = new Command('plantwright')
    .description('Checks, simulates, proves and migrates PLC code, with verifiers that nobody can switch off.')
    .version(TOOL_VERSION)
    .showHelpAfterError('(plantwright --help shows all commands)')
    .exitOverride();
  for (const register of REGISTER) {
    register(program, signal, (code) => {
      exitCode = code;
    });
  }
  try {
    await program.parseAsync(['node', 'plantwright', ...argv]);
    return signal.aborted ? EXIT.interrupted : exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.clean : EXIT.usage;
    if (signal.aborted) {
      process.stderr.write('interrupted\n');
      return EXIT.interrupted;
    }
    if (isForPeople(error)) {
      process.stderr.write(`plantwright: ${error.message}\n`);
      return EXIT.usage;
    }
    process.stderr.write(
      `plantwright: internal error; this is a bug. A report is in ${writeCrashReport(argv, error)}\n`,
    );
    return EXIT.internal;
  }
}

function writeCrashReport(argv: readonly string[], error: unknown): string {
  const file = join(mkdtempSync(join(tmpdir(), 'plantwright-')), 'crash.txt');
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  writeFileSync(
    file,
    `plantwright ${TOOL_VERSION} on node ${process.version}\narguments: ${JSON.stringify(argv)}\n\n${stack}\n`,
  );
  return file;
}

const interruption = new AbortController();
process.once('SIGINT', () => interruption.abort(new Error('interrupted')));
process.once('SIGTERM', () => interruption.abort(new Error('interrupted')));
// A reader that goes away (`plantwright check | head`) ends the command quietly.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
});

void runCommandLine(process.argv.slice(2), interruption.signal).then((code) => {
  process.exitCode = code;
});
