import { relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { decodeText, encodeText } from '../../core/base/decode.js';
import { writeDurably } from '../../core/base/durable-file.js';
import { formatSource } from '../../core/formats/format-source.js';
import { dialectForPath, LOOSE_FILE_DIALECT } from '../../core/formats/read-source.js';
import type { DialectId } from '../../core/language/dialects/dialect-id.js';
import { attach, type CommonOptions, printJson, type ReportExit, withCommonOptions } from '../command.js';
import { EXIT } from '../exit-code.js';
import { openSiteFolder, parseDialect } from '../project-sources.js';
import { readInput } from '../read-input.js';
import { groupSources } from '../source-groups.js';
import { UsageError } from '../usage-error.js';

interface FormatOptions extends CommonOptions {
  readonly check?: boolean;
  readonly write?: boolean;
  readonly dialect?: string;
}

interface Target {
  readonly path: string;
  readonly shown: string;
  readonly dialect: DialectId;
}

export function registerFormat(program: Command, signal: AbortSignal, reportExit: ReportExit): void {
  const command = withCommonOptions(program.command('format'))
    .description('Formats Structured Text; without an option it prints what one file becomes')
    .argument('[paths...]', 'files and folders; default: this folder')
    .option('--check', 'only say which files are not formatted')
    .option('--write', 'change the files')
    .option('--dialect <dialect>', 'dialect of files outside of a site')
    .addHelpText(
      'after',
      '\nExamples:\n  plantwright format src/Main.st\n  plantwright format --check\n  plantwright format src --write',
    );
  attach<FormatOptions>(command, signal, reportExit, async ({ terminal, wantsJson }, options, operands) => {
    if (options.check === true && options.write === true)
      throw new UsageError('--check and --write exclude each other.');
    const targets = await targetsOf(operands.length === 0 ? ['.'] : operands, parseDialect(options.dialect), signal);
    if (targets.length === 0) throw new UsageError('there is no source file to format.');
    const prints = options.check !== true && options.write !== true;
    if (prints && targets.length > 1) {
      throw new UsageError(`${targets.length} files would be printed; name one, or give --check or --write.`);
    }
    const changed: string[] = [];
    for (const [index, target] of targets.entries()) {
      terminal.progress(index / targets.length, target.shown);
      const { text, encoding } = decodeText(readInput(target.path));
      const formatted = formatSource(target.shown, text, target.dialect);
      if (prints && !wantsJson) terminal.result(formatted.replace(/\r?\n$/, ''));
      if (formatted === text) continue;
      changed.push(target.shown);
      if (options.write !== true) continue;
      const bytes = encodeText(formatted, encoding);
      if (bytes === null) throw new UsageError(`${target.shown} can't be written in its encoding (${encoding}).`);
      writeDurably(target.path, bytes);
    }
    terminal.endProgress();
    if (wantsJson) printJson(terminal, { files: targets.length, changed });
    else if (!prints) {
      const verb = options.write === true ? 'formatted' : 'not formatted';
      for (const file of changed) terminal.result(`${verb}: ${file}`);
      terminal.log(`${targets.length} files, ${changed.length} ${verb}`);
    }
    return options.check === true && changed.length > 0 ? EXIT.findings : EXIT.clean;
  });
}

async function targetsOf(paths: readonly string[], dialect: DialectId | null, signal: AbortSignal): Promise<Target[]> {
  const groups = groupSources(paths);
  const targets: Target[] = groups.files.map((path) => ({
    path,
    shown: path,
    dialect: dialect ?? dialectForPath(path) ?? LOOSE_FILE_DIALECT,
  }));
  for (const group of groups.sites) {
    const site = await openSiteFolder(group.root, signal);
    for (const file of site.project.files) {
      // A library is checked, never changed.
      if (site.libraryPaths.has(file.path) || !group.covers(file.path)) continue;
      const path = resolve(group.root, file.path);
      targets.push({ path, shown: relative('.', path).replaceAll('\\', '/'), dialect: site.project.dialect });
    }
  }
  return targets;
}
