/** What every command shares: its terminal, its cancellation, and how its result becomes output and an exit code. */

import type { Command } from 'commander';
import { processTerminal, type Terminal } from './console.js';
import type { ExitCode } from './exit-code.js';

export interface CommandContext {
  readonly terminal: Terminal;
  readonly wantsJson: boolean;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Options that every command has. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color?: boolean;
}

/** Adds --json, --quiet and --no-color to a command. */
export function withCommonOptions(command: Command): Command {
  return command
    .option('--json', 'print one JSON document on stdout and nothing else')
    .option('--quiet', 'no progress and no log lines')
    .option('--no-color', 'no colours (NO_COLOR works too)');
}

export type CommandAction<Options> = (
  context: CommandContext,
  options: Options,
  operands: readonly string[],
) => Promise<ExitCode>;

/** Exit codes reach `main` through this, so that a command can be run in a test without ending the process. */
export type ReportExit = (code: ExitCode) => void;

/** Connects a commander command to an action. Operands are the positional arguments, variadic ones flattened. */
export function attach<Options extends CommonOptions>(
  command: Command,
  signal: AbortSignal,
  reportExit: ReportExit,
  action: CommandAction<Options>,
): void {
  command.action(async (...received: unknown[]) => {
    const options = command.opts<Options>();
    const terminal = processTerminal({
      isQuiet: options.quiet === true,
      wantsColor: options.color !== false && options.json !== true,
    });
    const operands = received
      .slice(0, -2)
      .flat()
      .filter((operand): operand is string => typeof operand === 'string');
    try {
      reportExit(await action({ terminal, wantsJson: options.json === true, signal }, options, operands));
    } finally {
      terminal.endProgress();
    }
  });
}

/** Prints a value as the one JSON document of a command. BigInts become strings, in the form of their digits. */
export function printJson(terminal: Terminal, value: unknown): void {
  terminal.result(
    JSON.stringify(value, (_key, member: unknown) => (typeof member === 'bigint' ? member.toString() : member), 2),
  );
}
