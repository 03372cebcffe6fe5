import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';

/** The folder of the bundle that is running: `dist/`, also when it was started through a link. */
export function programFolder(): string {
  return dirname(realpathSync(process.argv[1] ?? '.'));
}
