import { mkdir, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** The zod schemas that are the single source of the files' types and messages, by the name of their JSON Schema. */
const SCHEMAS = `
import { z } from 'zod';
import { manifestSchema } from './core/site/manifest.js';
import { fleetSchema } from './core/fleet/fleet.js';
export const schemas = {
  'plantwright.schema.json': z.toJSONSchema(manifestSchema),
  'fleet.schema.json': z.toJSONSchema(fleetSchema),
};
`;

/** Writes the JSON Schemas of plantwright.yaml and fleet.yaml, for completion in editors. Returns their paths. */
export async function writeSchemas(folder: string): Promise<string[]> {
  const outfile = resolve('.cache/schemas.mjs');
  await build({
    stdin: { contents: SCHEMAS, resolveDir: process.cwd(), loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
  });
  // The address changes with every call: a watching build must not get the module of the first one.
  const module: { schemas: Record<string, unknown> } = await import(`${pathToFileURL(outfile).href}?${Date.now()}`);
  await mkdir(folder, { recursive: true });
  const written: string[] = [];
  for (const [name, schema] of Object.entries(module.schemas)) {
    await writeFile(`${folder}/${name}`, `${JSON.stringify(schema, null, 2)}\n`);
    written.push(`${folder}/${name}`);
  }
  return written;
}
