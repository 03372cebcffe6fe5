import type { Command } from 'commander';
import { compareFindings, type Finding, failsVerdict } from '../../core/base/finding.js';
import { lintMigration } from '../../core/site/lint-migration.js';
import { attach, type CommonOptions, printJson, type ReportExit, withCommonOptions } from '../command.js';
import { table } from '../console.js';
import { EXIT } from '../exit-code.js';
import { migrationsFor, requireMigration } from '../fleet-context.js';
import { findingsAsText } from '../print-findings.js';
import { readInput } from '../read-input.js';

export function registerPrompts(program: Command, signal: AbortSignal, reportExit: ReportExit): void {
  const prompts = program.command('prompts').description('Migrations: list, show, lint');

  attach<CommonOptions>(
    withCommonOptions(prompts.command('list')).description('the migrations of this folder and those that ship'),
    signal,
    reportExit,
    async ({ terminal, wantsJson }) => {
      const entries = migrationsFor('.').map(({ file, reading }) => ({ file, migration: reading.migration }));
      if (wantsJson) {
        const migrations = entries.map(({ file, migration }) => ({
          name: migration?.name ?? null,
          version: migration?.version ?? null,
          title: migration?.title ?? null,
          kind: migration?.kind ?? null,
          recipe: migration?.recipe ?? null,
          readable: migration !== null,
          file,
        }));
        printJson(terminal, { migrations });
        return EXIT.clean;
      }
      const rows = entries.map(({ file, migration }) =>
        migration === null
          ? [file, '-', '-', 'unreadable: run plantwright prompts lint']
          : [migration.name, migration.version, migration.recipe === null ? 'agent' : 'recipe', migration.title],
      );
      terminal.result(table([['name', 'version', 'engine', 'title'], ...rows], terminal.colors));
      return EXIT.clean;
    },
  );

  attach<CommonOptions>(
    withCommonOptions(prompts.command('show')).description('one migration').argument('<migration>', 'name or file'),
    signal,
    reportExit,
    async ({ terminal, wantsJson }, _options, [name = '']) => {
      const migration = requireMigration(name, '.', terminal);
      if (wantsJson) printJson(terminal, migration);
      else terminal.result(migration.text.trimEnd());
      return EXIT.clean;
    },
  );

  attach<CommonOptions>(
    withCommonOptions(prompts.command('lint'))
      .description('checks the form, the examples and the rules of prompt writing')
      .argument('[paths...]', 'prompt files; default: all that are found'),
    signal,
    reportExit,
    async ({ terminal, wantsJson }, _options, operands) => {
      const files = operands.length > 0 ? operands : migrationsFor('.').map((entry) => entry.file);
      const findings: Finding[] = files
        .flatMap((file) => [...lintMigration(file, readInput(file)).findings])
        .sort(compareFindings);
      if (wantsJson) printJson(terminal, { files: files.length, findings });
      else if (findings.length > 0) terminal.result(findingsAsText(findings, terminal.colors));
      terminal.log(`${files.length} migrations, ${findings.length} findings`);
      return findings.some((finding) => failsVerdict(finding.severity)) ? EXIT.findings : EXIT.clean;
    },
  );
}
