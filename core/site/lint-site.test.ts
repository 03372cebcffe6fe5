import { expect, test } from 'vitest';
import { lintSite } from './lint-site.js';
import { openSite } from './open-site.js';

const CODE = `PROGRAM Main
VAR
  x : INT;
END_VAR
x := x;
END_PROGRAM
`;

function lintedWith(settings: string): string[] {
  const manifest = `site: a\ndialect: iec\nlibraries: [lib/**]\n${settings}`;
  const files = { 'plantwright.yaml': manifest, 'src/Main.st': CODE, 'lib/Other.st': CODE.replace('Main', 'Other') };
  const site = openSite(new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)])));
  expect(site.manifestFindings).toEqual([]);
  return lintSite(site).map(({ file, rule, severity }) => `${file} ${rule} ${severity}`);
}

test('the manifest sets the severity of a lint rule by name or code; libraries are left out', () => {
  expect(lintedWith('')).toEqual(['src/Main.st self-assignment warning']);
  expect(lintedWith('lint: { self-assignment: error }\n')).toEqual(['src/Main.st self-assignment error']);
  expect(lintedWith('lint: { PW5122: off, pou-prefix: info }\n')).toEqual([]);
  expect(lintedWith('lint: { PW5011: info, self-assignment: off }\n')).toEqual([
    'src/Main.st pou-without-comment info',
  ]);
});
