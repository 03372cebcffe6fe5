/** A program of many lines for benchmarks: a site of the fixture fleet, copied with other names. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SITE = 'test/fixtures/fleet/sites/plant-08-assembly/src';

/** Names that a file declares for the whole project: POUs, types, global variables. The values of enumerations stay: they are always qualified. */
function declaredNames(text: string): string[] {
  const names = [...text.matchAll(/^\s*(?:PROGRAM|FUNCTION_BLOCK|FUNCTION|TYPE)\s+(\w+)/gm)].map((each) => each[1]);
  for (const [, list = ''] of text.matchAll(/VAR_GLOBAL(.*?)END_VAR/gs)) {
    names.push(...[...list.matchAll(/^\s*(\w+)\s*(?:AT[^:]*)?:/gm)].map((each) => each[1]));
  }
  return names.filter((each) => each !== undefined);
}

/** ST of at least `lines` lines in which every copy of the site runs. */
export function largeProgram(lines: number): string {
  const paths = readdirSync(SITE, { recursive: true, encoding: 'utf8' }).sort();
  const site = paths
    .filter((path) => path.endsWith('.st'))
    .map((path) => readFileSync(join(SITE, path), 'utf8'))
    .join('\n');
  const names = new Set(declaredNames(site));
  const program = /^\s*PROGRAM\s+(\w+)/m.exec(site)?.[1] ?? '';
  const copies: string[] = [];
  const instances: string[] = [];
  for (let total = 0; total < lines; total += site.split('\n').length) {
    const number = copies.length;
    copies.push(site.replace(/\b[A-Za-z_]\w*\b/g, (word) => (names.has(word) ? `${word}_${number}` : word)));
    instances.push(`PROGRAM Run_${number} WITH Cyclic : ${program}_${number};`);
  }
  return `${copies.join('\n')}
CONFIGURATION Large
RESOURCE Cpu ON PLC
TASK Cyclic(INTERVAL := T#10ms, PRIORITY := 1);
${instances.join('\n')}
END_RESOURCE
END_CONFIGURATION
`;
}
