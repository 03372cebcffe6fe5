import { describe, expect, it } from 'vitest';
import { html } from './html.js';
import { parsePatch } from './patch-view.js';

const PATCH = `diff --git a/src/Main.st b/src/Main.st
index 1..2 100644
--- a/src/Main.st
+++ b/src/Main.st
@@ -7,3 +7,4 @@ VAR
 // kept
-Motor := A;
+Motor := A AND B;
+--- not a file name
 END_PROGRAM
diff --git a/new.st b/new.st
new file mode 100644
index 0..1
--- /dev/null
+++ b/new.st
@@ -0,0 +1 @@
+diff --git is only text here\r
diff --git a/data.bin b/data.bin
index 1..2 100644
GIT binary patch
literal 3
Kabc

`;

describe('a patch', () => {
  const files = parsePatch(PATCH);

  it('is shown by file, with the numbers of the lines before and after', () => {
    expect(files.map(({ path, status, isBinary }) => `${path} ${status} ${isBinary}`)).toEqual([
      'src/Main.st modified false',
      'new.st added false',
      'data.bin modified true',
    ]);
    expect(files[0]?.hunks[0]?.lines.map(({ kind, before, after, text }) => [kind, before, after, text])).toEqual([
      ['context', 7, 7, '// kept'],
      ['removed', 8, null, 'Motor := A;'],
      ['added', null, 8, 'Motor := A AND B;'],
      ['added', null, 9, '--- not a file name'],
      ['context', 9, 10, 'END_PROGRAM'],
    ]);
    expect(files[1]?.hunks[0]?.lines[0]?.text).toBe('diff --git is only text here');
  });
});

describe('text in a page', () => {
  it('can not become markup, nor hide its order', () => {
    const text = '<img src=x onerror="alert(\'1\')"> & \u202e x';
    expect(html`<p title="${text}">${text}</p>`.html).toBe(
      '<p title="&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt; &amp; [U+202E] x">&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt; &amp; [U+202E] x</p>',
    );
  });
});
