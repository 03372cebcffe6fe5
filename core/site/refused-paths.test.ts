import { expect, test } from 'vitest';
import { refusedPaths } from './refused-paths.js';

const link = (path: string, target: string | null, reason = 'it is a symbolic link') => ({ path, target, reason });

test.each([
  ['a link to a note, as before', [link('docs/a.md', 'b.md')], [link('docs/a.md', 'b.md')], null],
  ['a new link', [], [link('docs/a.md', 'b.md')], 'it is a new symbolic link'],
  ['a link that leads elsewhere', [link('docs/a.md', 'b.md')], [link('docs/a.md', 'c.md')], 'leads elsewhere now'],
  ['a link out of the site, as before', [link('a', '../b')], [link('a', '../b')], 'leads out of the site'],
  ['a link to an absolute path', [link('a', '/etc/hosts')], [link('a', '/etc/hosts')], 'leads out of the site'],
  ['a link to a drive', [link('a', 'C:\\\\x')], [link('a', 'C:\\\\x')], 'leads out of the site'],
  [
    'a link into the repository itself',
    [link('a', '.git/config')],
    [link('a', '.git/config')],
    'leads out of the site',
  ],
  ['a link that only seems to leave', [link('a/b/c', '../x')], [link('a/b/c', '../x')], null],
  ['code behind a link, as before', [link('src/a.st', 'b.st')], [link('src/a.st', 'b.st')], 'regular files only'],
  [
    'a submodule, as before',
    [link('lib', null, 'it is a submodule')],
    [link('lib', null, 'it is a submodule')],
    'it is a submodule',
  ],
  ['a link that is gone', [link('a', 'b')], [], null],
])('%s', (_title, before, after, reason) => {
  const refused = refusedPaths(before, after);
  if (reason === null) expect(refused).toEqual([]);
  else expect(refused.map((entry) => entry.reason)).toEqual([expect.stringContaining(reason)]);
});
