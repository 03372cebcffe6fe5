/**
 * Builds everything that runs into dist/: `node scripts/build.ts`. `--watch` rebuilds on change, `--development` keeps
 * white space and adds source maps.
 *
 * - `extension.js` holds what every window needs: the client of the language server. It stays small.
 * - `engine.js` holds all else once, each part started only when it is asked for. `cli.js`, `server.js`,
 *   `safety-worker.js`, `index-worker.js`, `verify-worker.js`, `run-host.js` and `fleet.js` are its doors: one line each, so that the core ships once.
 * - `anthropic-sdk.js` is a chunk of its own: nothing that works offline loads it.
 * - `webview/` runs in the browser of the editor.
 *
 * The bundles are CommonJS, so that the extension host and the command line start without an ES module loader;
 * dist/package.json says so, because the package itself is ESM.
 */

import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type BuildOptions, build, context, type Metafile, type Plugin } from 'esbuild';
import { writeSchemas } from './write-schemas.ts';

/** Parts of the engine by the name of their door in dist/. */
const PARTS: Readonly<Record<string, string>> = {
  cli: './cli/main.ts',
  server: './server/main.ts',
  'safety-worker': './server/safety/safety-worker.ts',
  'index-worker': './server/index/index-worker.ts',
  'run-host': './client/runs/run-host.ts',
  'verify-worker': './core/verify/verify-worker.ts',
  'simulator-host': './client/testing/simulator-host.ts',
  debug: './server/debug/main.ts',
  'debug-worker': './server/debug/debug-worker.ts',
  fleet: './client/fleet-features.ts',
};

interface Bundle {
  readonly name: string;
  readonly input: Pick<BuildOptions, 'entryPoints' | 'stdin'>;
  readonly platform: 'node' | 'browser';
  /** Largest size in KB after minification: a bundle that grows beyond it fails the build. */
  readonly limitKb: number;
}

const SDK_CHUNK = 'anthropic-sdk';

const BUNDLES: readonly Bundle[] = [
  { name: 'extension', input: { entryPoints: { extension: 'client/extension.ts' } }, platform: 'node', limitKb: 600 },
  { name: 'engine', input: { stdin: engineEntry() }, platform: 'node', limitKb: 3500 },
  { name: SDK_CHUNK, input: { entryPoints: { [SDK_CHUNK]: '@anthropic-ai/sdk' } }, platform: 'node', limitKb: 700 },
  {
    name: 'webview/matrix',
    input: { entryPoints: { 'webview/matrix': 'client/webview/matrix/main.tsx' } },
    platform: 'browser',
    limitKb: 60,
  },
  {
    name: 'webview/trace',
    input: { entryPoints: { 'webview/trace': 'client/webview/trace/main.tsx' } },
    platform: 'browser',
    limitKb: 60,
  },
];

/** A module whose exports start one part each; `require` makes the bundler start a part only when it is called. */
function engineEntry(): NonNullable<BuildOptions['stdin']> {
  const lines = Object.entries(PARTS).map(
    ([name, path]) => `exports[${JSON.stringify(name)}] = () => require(${JSON.stringify(path)});`,
  );
  return { contents: lines.join('\n'), resolveDir: process.cwd(), sourcefile: 'engine.js', loader: 'js' };
}

/** Code of other files of dist/ that a bundle loads when it runs, instead of holding a copy. */
const keepChunksApart: Plugin = {
  name: 'keep-chunks-apart',
  setup(builder) {
    builder.onResolve({ filter: /^@anthropic-ai\/sdk$/ }, ({ kind }) =>
      kind === 'entry-point' ? null : { path: `./${SDK_CHUNK}.js`, external: true },
    );
    builder.onResolve({ filter: /^\.\/fleet-features\.js$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './fleet.js', external: true } : null,
    );
  },
};

function optionsFor({ name, input, platform }: Bundle, development: boolean): BuildOptions {
  const common: BuildOptions = {
    ...input,
    ...(input.stdin === undefined ? { outdir: 'dist' } : { outfile: `dist/${name}.js` }),
    bundle: true,
    metafile: true,
    sourcemap: development ? 'linked' : false,
    minify: !development,
    // Errors are told apart by the names of their classes in logs.
    keepNames: platform === 'node',
    legalComments: 'none',
    logLevel: 'warning',
  };
  if (platform === 'browser') {
    return { ...common, platform, format: 'iife', target: 'chrome126', jsx: 'automatic', jsxImportSource: 'preact' };
  }
  return {
    ...common,
    platform,
    format: 'cjs',
    target: 'node20',
    // A chunk is CommonJS: `import()` of one would see none of its named exports, `require` sees them all.
    supported: { 'dynamic-import': false },
    // Prefer the ES module build of a dependency: it can be tree-shaken, a UMD wrapper can't.
    mainFields: ['module', 'main'],
    external: ['vscode'],
    plugins: [keepChunksApart],
    // ES modules among the sources ask for their own address.
    define: { 'import.meta.url': 'importMetaUrl' },
    banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  };
}

/**
 * The doors of the engine. The extension imports `fleet` as a module, whose export must be visible without running it;
 * the others run.
 */
async function writeDoors(): Promise<string[]> {
  const written: string[] = [];
  for (const name of Object.keys(PARTS)) {
    const call = `require('./engine.js')[${JSON.stringify(name)}]()`;
    const path = `dist/${name}.js`;
    const isModule = name === 'fleet';
    await writeFile(
      path,
      isModule ? `exports.FleetFeatures = ${call}.FleetFeatures;\n` : `#!/usr/bin/env node\n${call};\n`,
    );
    written.push(path);
  }
  await writeFile('dist/package.json', '{ "type": "commonjs" }\n');
  return [...written, 'dist/package.json'];
}

/** The pages of docs/codes as one file: the extension shows them without a network, and together they pack small. */
async function writeCodePages(): Promise<string> {
  const pages: Record<string, string> = {};
  for (const name of (await readdir('docs/codes')).sort()) {
    if (name.endsWith('.md')) pages[name.slice(0, -'.md'.length)] = await readFile(`docs/codes/${name}`, 'utf8');
  }
  await writeFile('dist/code-pages.json', JSON.stringify(pages));
  return 'dist/code-pages.json';
}

/** Prints the size of a bundle. False, with the largest inputs, when it is over its limit. */
function isWithinLimit({ name, limitKb }: Bundle, { outputs }: Metafile, code: Uint8Array): boolean {
  const kilobytes = (size: number): string => (size / 1024).toFixed(0).padStart(5);
  process.stdout.write(`dist/${name}.js`.padEnd(26));
  process.stdout.write(`${kilobytes(code.length)} KB ${kilobytes(gzipSync(code).length)} KB gzip\n`);
  if (code.length <= limitKb * 1024) return true;
  process.stderr.write(`build: dist/${name}.js is larger than its limit of ${limitKb} KB; its largest inputs:\n`);
  const inputs = Object.entries(outputs[`dist/${name}.js`]?.inputs ?? {});
  for (const [input, { bytesInOutput }] of inputs
    .sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput)
    .slice(0, 12)) {
    process.stderr.write(`  ${kilobytes(bytesInOutput)} KB ${input}\n`);
  }
  return false;
}

async function buildAll(development: boolean): Promise<boolean> {
  await mkdir('dist', { recursive: true });
  const written = new Set<string>();
  let ok = true;
  for (const bundle of BUNDLES) {
    const { outputFiles = [], metafile } = await build({ ...optionsFor(bundle, development), write: false });
    for (const file of outputFiles) {
      const path = file.path.slice(process.cwd().length + 1).replaceAll('\\', '/');
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, file.contents);
      written.add(path);
      if (!development && metafile !== undefined && path.endsWith('.js')) {
        ok = isWithinLimit(bundle, metafile, file.contents) && ok;
      }
    }
  }
  const others = [...(await writeDoors()), ...(await writeSchemas('dist/schemas')), await writeCodePages()];
  for (const path of others) written.add(path);
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
  await writeDoors();
  await writeSchemas('dist/schemas');
  await writeCodePages();
  for (const bundle of BUNDLES) await (await context(optionsFor(bundle, true))).watch();
  process.stdout.write('build: watching\n');
}

const flags = new Set(process.argv.slice(2));
for (const flag of flags) {
  if (flag === '--watch' || flag === '--development') continue;
  process.stderr.write(`build: unknown option ${flag}; there are --watch and --development\n`);
  process.exit(2);
}
if (!existsSync('package.json')) {
  process.stderr.write('build: start it in the root of the repository\n');
  process.exit(2);
}
if (flags.has('--watch')) await watch();
else {
  // esbuild has printed what is wrong; a stack trace of the build adds nothing.
  const ok = await buildAll(flags.has('--development')).catch((error: unknown) => {
    process.stderr.write(`build: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}\n`);
    return false;
  });
  if (!ok) process.exit(1);
}
