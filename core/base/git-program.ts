/**
 * The git program in an environment in which a hostile repository runs nothing: no hooks, no file system monitor, no
 * external diff or text conversion, no content filters, no credential or ssh helpers, no pager or editor, no
 * configuration of the machine or the user, no `GIT_*` of the caller, no network unless asked for.
 */

import { spawn } from 'node:child_process';
import { devNull } from 'node:os';

export interface GitResult {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface GitOptions {
  readonly input?: string | Uint8Array;
  readonly signal?: AbortSignal;
  /** Variables that a plumbing command needs: index file, author, committer. Nothing else of `GIT_*` gets through. */
  readonly variables?: Readonly<Record<`GIT_${string}`, string>>;
  /** Transports that a fetch or push may use, for example `https:ssh`. Default: none. */
  readonly protocols?: string;
  /** More `-c key=value` settings. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** git could not be run, or said no. The message is one line for people. */
export class GitError extends Error {
  override readonly name = 'GitError';
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Settings that make a repository inert, whatever its own configuration says. Command line settings win over it. */
const HARDENED: Readonly<Record<string, string>> = {
  'core.hooksPath': devNull,
  'core.fsmonitor': 'false',
  'core.untrackedCache': 'false',
  'core.attributesFile': devNull,
  'core.pager': 'cat',
  'core.editor': 'true',
  'core.askPass': '',
  'core.sshCommand': 'false',
  'core.gitProxy': 'false',
  'core.alternateRefsCommand': 'true',
  'core.quotePath': 'false',
  'core.logAllRefUpdates': 'true',
  'credential.helper': '',
  'diff.external': '',
  'diff.ignoreSubmodules': 'all',
  'commit.gpgSign': 'false',
  'tag.gpgSign': 'false',
  'log.showSignature': 'false',
  'gc.auto': '0',
  'maintenance.auto': 'false',
  'submodule.recurse': 'false',
  'fetch.recurseSubmodules': 'false',
  'protocol.allow': 'never',
  'uploadpack.packObjectsHook': '',
};

const KEPT_VARIABLES = ['PATH', 'HOME', 'USERPROFILE', 'SYSTEMROOT', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR', 'PATHEXT'];

function environment(options: GitOptions): NodeJS.ProcessEnv {
  const kept = KEPT_VARIABLES.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(kept),
    LC_ALL: 'C',
    TZ: 'UTC',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: devNull,
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '',
    SSH_ASKPASS: '',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_NO_LAZY_FETCH: '1',
    ...(options.protocols === undefined ? {} : { GIT_ALLOW_PROTOCOL: options.protocols }),
    ...options.variables,
  };
}

/** Runs git in a folder and returns what it said, whatever the exit code. Rejects only when git could not be run. */
export function runGitRaw(folder: string, args: readonly string[], options: GitOptions = {}): Promise<GitResult> {
  const settings = Object.entries({ ...HARDENED, ...options.settings }).flatMap(([key, value]) => [
    '-c',
    `${key}=${value}`,
  ]);
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['--no-pager', ...settings, ...args], {
      cwd: folder,
      env: environment(options),
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.stdin.on('error', () => {
      // git closed its input early; its exit code tells what happened
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (options.signal?.aborted === true) reject(options.signal.reason);
      else if (error.code === 'ENOENT')
        reject(new GitError('The program "git" was not found. Install git and put it on the PATH.', 127));
      else reject(new GitError(`git could not be run: ${error.message}`, 126));
    });
    child.on('close', (code) => {
      resolve({ exitCode: code ?? 128, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString('utf8') });
    });
    child.stdin.end(options.input ?? '');
  });
}

/** Runs git in a folder and returns its output. Rejects with a `GitError` when git fails. */
export async function runGit(folder: string, args: readonly string[], options: GitOptions = {}): Promise<Buffer> {
  const result = await runGitRaw(folder, args, options);
  if (result.exitCode === 0) return result.stdout;
  throw new GitError(explainFailure(folder, args, result), result.exitCode);
}

/** Output of git as one trimmed text. */
export async function gitText(folder: string, args: readonly string[], options: GitOptions = {}): Promise<string> {
  return (await runGit(folder, args, options)).toString('utf8').trim();
}

function explainFailure(folder: string, args: readonly string[], result: GitResult): string {
  const said = result.stderr.trim().split('\n')[0] ?? '';
  if (/dubious ownership/.test(result.stderr)) {
    return `The repository ${folder} belongs to another user, so git refuses to work in it. Change its owner to the user who runs Plantwright.`;
  }
  return `git ${args[0] ?? ''} failed in ${folder}: ${said === '' ? `exit code ${result.exitCode}` : said.replace(/^(fatal|error): /, '')}`;
}

/**
 * Settings that switch off every content filter which the configuration of a repository defines. Needed by commands
 * that compare a working tree (`status`): git would run a `clean` filter there.
 */
export async function withoutFilters(folder: string): Promise<Readonly<Record<string, string>>> {
  const listed = await runGitRaw(folder, ['config', '--null', '--name-only', '--get-regexp', '^filter\\.']);
  const drivers = new Set<string>();
  for (const key of listed.stdout.toString('utf8').split('\0')) {
    const driver = /^filter\.(.*)\.[^.]+$/s.exec(key)?.[1];
    if (driver !== undefined) drivers.add(driver);
  }
  const settings: Record<string, string> = {};
  for (const driver of drivers) {
    for (const command of ['clean', 'smudge', 'process']) settings[`filter.${driver}.${command}`] = '';
    settings[`filter.${driver}.required`] = 'false';
  }
  return settings;
}
