/**
 * Builds every bundle of the product into dist/. Run with `node scripts/build.ts`; `--watch` rebuilds on change,
 * `--development` keeps white space and source maps.
 *
 * The bundles are CommonJS, so that the extension host and the command line start without an ES module loader;
 * dist/package.json says so, because the package itself is ESM.
 */

import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { type BuildOptions, build, context, type Metafile, type Plugin } from 'esbuild';
import { writeSchemas } from './write-schemas.ts';

interface Bundle {
  readonly entry: string;
  readonly out: string;
  readonly platform: 'node' | 'browser';
  /** Largest size in KB after minification: a bundle that grows beyond it fails the build. */
  readonly limitKb: number;
}

/** The model SDK is a chunk of its own: nothing that starts an editor or a check may load it. */
const SDK_CHUNK = 'anthropic-sdk';

const BUNDLES: readonly Bundle[] = [
  { entry: 'client/extension.ts', out: 'extension', platform: 'node', limitKb: 900 },
  { entry: 'client/runs/run-host.ts', out: 'run-host', platform: 'node', limitKb: 2000 },
  { entry: 'client/webview/matrix/main.tsx', out: 'webview/matrix', platform: 'browser', limitKb: 120 },
  { entry: 'server/main.ts', out: 'server', platform: 'node', limitKb: 1800 },
  { entry: 'server/safety/safety-worker.ts', out: 'safety-worker', platform: 'node', limitKb: 1500 },
  { entry: 'cli/main.ts', out: 'cli', platform: 'node', limitKb: 2500 },
  { entry: '@anthropic-ai/sdk', out: SDK_CHUNK, platform: 'node', limitKb: 900 },
];

const keepSdkInItsChunk: Plugin = {
  name: 'keep-sdk-in-its-chunk',
  setup(builder) {
    builder.onResolve({ filter: /^@anthropic-ai\/sdk$/ }, (args) =>
      args.kind === 'entry-point' ? null : { path: `./${SDK_CHUNK}.js`, external: true },
    );
  },
};

function optionsFor(bundle: Bundle, development: boolean): BuildOptions {
  const common: BuildOptions = {
    entryPoints: { [bundle.out]: bundle.entry },
    outdir: 'dist',
    bundle: true,
    metafile: true,
    sourcemap: development ? 'linked' : false,
    minifyWhitespace: !development,
    minifySyntax: !development,
    // Identifiers of classes keep their names: errors are told apart by them in logs.
    minifyIdentifiers: !development,
    keepNames: !development && bundle.platform === 'node',
    legalComments: 'none',
    logLevel: 'warning',
  };
  if (bundle.platform === 'browser') {
    return {
      ...common,
      platform: 'browser',
      format: 'iife',
      target: 'chrome126',
      jsx: 'automatic',
      jsxImportSource: 'preact',
    };
  }
  return {
    ...common,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    // Prefer the ES module build of a dependency: it can be tree-shaken, a UMD wrapper can't.
    mainFields: ['module', 'main'],
    external: ['vscode'],
    plugins: [keepSdkInItsChunk],
    // ES modules among the dependencies ask for their own address.
    define: { 'import.meta.url': 'importMetaUrl' },
    banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  };
}

function present(bundle: Bundle): boolean {
  if (!bundle.entry.includes('.ts') || existsSync(bundle.entry)) return true;
  process.stderr.write(`build: ${bundle.entry} does not exist, dist/${bundle.out}.js is left out\n`);
  return false;
}

/** Prints the size of each bundle and fails when one is larger than its limit. */
function reportSizes(bundle: Bundle, metafile: Metafile, files: ReadonlyMap<string, Uint8Array>): boolean {
  const path = `dist/${bundle.out}.js`;
  const bytes = metafile.outputs[path]?.bytes ?? 0;
  const zipped = gzipSync(files.get(path) ?? new Uint8Array()).length;
  const kilobytes = (size: number): string => (size / 1024).toFixed(0).padStart(5);
  process.stdout.write(`${path.padEnd(28)} ${kilobytes(bytes)} KB  ${kilobytes(zipped)} KB gzip\n`);
  if (bytes <= bundle.limitKb * 1024) return true;
  process.stderr.write(`build: ${path} is larger than its limit of ${bundle.limitKb} KB\n`);
  const inputs = Object.entries(metafile.outputs[path]?.inputs ?? {})
    .sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput)
    .slice(0, 12);
  for (const [input, { bytesInOutput }] of inputs) process.stderr.write(`  ${kilobytes(bytesInOutput)} KB ${input}\n`);
  return false;
}

async function buildAll(development: boolean): Promise<boolean> {
  await mkdir('dist', { recursive: true });
  await writeFile('dist/package.json', '{ "type": "commonjs" }\n');
  const written = new Set(['dist/package.json']);
  let ok = true;
  for (const bundle of BUNDLES.filter(present)) {
    const result = await build({ ...optionsFor(bundle, development), write: false });
    const files = new Map<string, Uint8Array>();
    for (const file of result.outputFiles ?? []) {
      const path = file.path.slice(process.cwd().length + 1).replaceAll('\\', '/');
      await mkdir(path.slice(0, path.lastIndexOf('/')), { recursive: true });
      await writeFile(path, file.contents);
      files.set(path, file.contents);
      written.add(path);
    }
    if (result.metafile === undefined) throw new Error('esbuild gave no metafile');
    ok = (development || reportSizes(bundle, result.metafile, files)) && ok;
  }
  for (const path of await writeSchemas('dist/schemas')) written.add(path);
  await removeLeftovers(written);
  return ok;
}

/** What an earlier build left: removed at the end, so that a command that runs meanwhile never misses its file. */
async function removeLeftovers(written: ReadonlySet<string>): Promise<void> {
  for (const entry of await readdir('dist', { recursive: true, withFileTypes: true })) {
    const path = `${entry.parentPath}/${entry.name}`.replaceAll('\\', '/');
    if (entry.isFile() && !written.has(path)) await rm(path);
  }
}

async function watch(): Promise<void> {
  await mkdir('dist', { recursive: true });
  await writeFile('dist/package.json', '{ "type": "commonjs" }\n');
  for (const bundle of BUNDLES.filter(present)) await (await context(optionsFor(bundle, true))).watch();
  process.stdout.write('build: watching\n');
}

const flags = new Set(process.argv.slice(2));
for (const flag of flags) {
  if (flag === '--watch' || flag === '--development') continue;
  process.stderr.write(`build: unknown option ${flag}; there are --watch and --development\n`);
  process.exit(2);
}
if (flags.has('--watch')) await watch();
else if (!(await buildAll(flags.has('--development')))) process.exit(1);
