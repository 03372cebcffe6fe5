import type { DialectId } from '../../core/language/dialects/dialect-id.js';
import type { Project } from '../../core/language/semantics/model.js';
import type { SourceFile } from '../../core/language/syntax/tree.js';
import { MANIFEST_FILE } from '../../core/site/manifest.js';
import { openSite } from '../../core/site/open-site.js';
import type { Site } from '../../core/site/site.js';
import type { SiteSnapshot } from '../../core/site/snapshot.js';
import { indexSymbols, type SymbolIndex } from '../symbols/symbol-index.js';
import { LiveProject } from './live-project.js';
import { openLooseFile } from './loose-file.js';

const TEST_FILE_END = '_test.st';

/** Test files are checked with the project and are no part of it. */
export function isTestFile(path: string): boolean {
  return path.toLowerCase().endsWith(TEST_FILE_END);
}

/** A file and all that is known of it at one version of its unit. */
export interface CheckedFile {
  readonly file: SourceFile;
  readonly project: Project;
  readonly symbols: SymbolIndex;
}

/** What a unit is made of: a site, or one file that belongs to none. */
export type UnitKind =
  | { readonly kind: 'site' }
  | { readonly kind: 'loose'; readonly path: string; readonly dialect: DialectId };

/**
 * A project of its own: a folder with `plantwright.yaml`, or a single file outside of every such folder. Units never
 * see each other. The content is what the editor shows: files on disk, replaced by open documents.
 *
 * Phases: files change (`version` grows) -> `site()` parses and checks -> `symbols()` indexes. Each phase is computed
 * when the first request needs it and kept until the next change.
 */
export class Unit {
  readonly root: string;
  readonly #kind: UnitKind;
  readonly #disk: Map<string, Uint8Array>;
  readonly #open = new Map<string, Uint8Array>();
  readonly #live = new LiveProject();
  readonly #testFiles = new Map<string, { readonly version: number; readonly checked: CheckedFile }>();
  #version = 0;
  /** What changed since the site was opened; null: files came or went, or the manifest changed. */
  #changed: Set<string> | null = null;
  #site: { readonly version: number; readonly site: Site } | null = null;
  #symbols: { readonly version: number; readonly symbols: SymbolIndex } | null = null;

  /** `disk` maps paths relative to `root` to bytes. */
  constructor(root: string, kind: UnitKind, disk: SiteSnapshot) {
    this.root = root;
    this.#kind = kind;
    this.#disk = new Map(disk);
  }

  /** Grows with every change of a file. */
  get version(): number {
    return this.#version;
  }

  /** The folder of a site, the path of a loose file. */
  get key(): string {
    return this.#kind.kind === 'site' ? this.root : this.absolute(this.#kind.path);
  }

  get isSite(): boolean {
    return this.#kind.kind === 'site';
  }

  get kind(): UnitKind {
    return this.#kind;
  }

  /** True when the project of the current version is there. */
  get isChecked(): boolean {
    return this.#site?.version === this.#version;
  }

  /** True while an editor shows the file. */
  isOpen(path: string): boolean {
    return this.#open.has(path);
  }

  get hasOpenDocuments(): boolean {
    return this.#open.size > 0;
  }

  /** The path relative to the root of an absolute path inside the unit. */
  relative(path: string): string {
    return path.slice(this.root.length + 1);
  }

  absolute(relativePath: string): string {
    return `${this.root}/${relativePath}`;
  }

  /** Shows the text of an open document instead of the file on disk. */
  setDocument(path: string, text: string): void {
    const onDisk = this.#disk.get(path);
    const bytes = onDisk !== undefined && isMisread(text, onDisk) ? onDisk : Buffer.from(text, 'utf8');
    this.#noteChange(path, onDisk !== undefined || this.#open.has(path));
    this.#open.set(path, bytes);
  }

  closeDocument(path: string): void {
    if (this.#open.delete(path)) this.#noteChange(path, this.#disk.has(path));
  }

  #noteChange(path: string, isContentOnly: boolean): void {
    this.#version++;
    if (!isContentOnly || path === MANIFEST_FILE) this.#changed = null;
    else this.#changed?.add(path);
  }

  /** Takes over a change on disk; null: the file is gone. */
  setDisk(path: string, bytes: Uint8Array | null): void {
    const known = this.#disk.get(path);
    if (bytes === null ? known === undefined : known !== undefined && Buffer.compare(known, bytes) === 0) return;
    if (bytes === null) this.#disk.delete(path);
    else this.#disk.set(path, bytes);
    if (!this.#open.has(path)) this.#noteChange(path, bytes !== null && known !== undefined);
  }

  snapshot(): SiteSnapshot {
    return new Map([...this.#disk, ...this.#open]);
  }

  site(): Site {
    if (this.#site?.version !== this.#version) {
      this.#site = { version: this.#version, site: this.#siteAfterChanges() };
      this.#changed = new Set();
    }
    return this.#site.site;
  }

  symbols(): SymbolIndex {
    if (this.#symbols?.version !== this.#version) {
      this.#symbols = { version: this.#version, symbols: indexSymbols(this.site().project) };
    }
    return this.#symbols.symbols;
  }

  /**
   * A file with the project that it is checked in: that of the unit, or for a test file, which is no part of it, that
   * of the unit and the test file. Null when the file holds no code.
   */
  fileOf(relativePath: string): CheckedFile | null {
    const { project } = this.site();
    const own = project.files.find(({ path }) => path === relativePath);
    if (own !== undefined) return { file: own, project, symbols: this.symbols() };
    return this.#testFileOf(relativePath);
  }

  #testFileOf(path: string): CheckedFile | null {
    const known = this.#testFiles.get(path);
    if (known?.version === this.#version) return known.checked;
    const bytes = this.#open.get(path) ?? this.#disk.get(path);
    if (bytes === undefined || !isTestFile(path)) return null;
    const { file, project } = this.#live.showTest(path, bytes);
    const checked = { file, project, symbols: indexSymbols(project) };
    for (const [other, { version }] of this.#testFiles) if (version !== this.#version) this.#testFiles.delete(other);
    this.#testFiles.set(path, { version: this.#version, checked });
    return checked;
  }

  /** Other texts in the same files: the manifest and what it names stay. */
  #siteAfterChanges(): Site {
    if (this.#site === null || this.#changed === null) return this.#openSite();
    const snapshot = this.snapshot();
    const { site } = this.#site;
    const isSame = this.#live.readChanged(snapshot, this.#changed);
    return isSame ? { ...site, snapshot, project: this.#live.update() } : this.#openSite();
  }

  #openSite(): Site {
    const snapshot = this.snapshot();
    if (this.#kind.kind === 'site') return openSite(snapshot, this.#live.read, this.#live.build);
    return openLooseFile(snapshot, this.#kind.path, this.#kind.dialect, this.#live.read, this.#live.build);
  }
}

/**
 * True when the editor took a file in an older encoding for UTF-8 and nobody has edited it yet: then its bytes say
 * more than its text, in which every umlaut is lost. Line and column of what follows stay the same.
 */
function isMisread(text: string, onDisk: Uint8Array): boolean {
  return text.includes('\uFFFD') && new TextDecoder('utf-8').decode(onDisk) === text;
}
