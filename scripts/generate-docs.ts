/** Writes docs/codes: `node scripts/generate-docs.ts`. Pages of codes that are gone are removed. */

import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const FOLDER = 'docs/codes';

const outfile = resolve('.cache/code-pages.mjs');
await build({
  entryPoints: ['scripts/code-pages.ts'],
  outfile,
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  logLevel: 'warning',
});
const module: { codePages: () => ReadonlyMap<string, string> } = await import(pathToFileURL(outfile).href);
const pages = module.codePages();
await mkdir(FOLDER, { recursive: true });
for (const name of await readdir(FOLDER)) if (name.endsWith('.md') && !pages.has(name)) await rm(`${FOLDER}/${name}`);
for (const [name, text] of pages) await writeFile(`${FOLDER}/${name}`, text);
console.log(`${pages.size} pages in ${FOLDER}`);
