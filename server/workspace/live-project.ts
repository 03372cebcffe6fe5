import { plainProgramOf, readSource } from '../../core/formats/read-source.js';
import type { DialectId } from '../../core/language/dialects/dialect-id.js';
import type { Project, ProjectInput } from '../../core/language/semantics/model.js';
import { type OpenProject, openProject } from '../../core/language/semantics/project.js';
import { updateProject } from '../../core/language/semantics/update-project.js';
import {
  type EditableFile,
  editFile,
  type FileEdit,
  openEditableFile,
  takeOverFile,
} from '../../core/language/syntax/edit-source-file.js';
import type { SourceFile } from '../../core/language/syntax/tree.js';
import type { ProjectBuilder, SourceReader } from '../../core/site/open-site.js';
import type { SiteSnapshot } from '../../core/site/snapshot.js';
import { LiveTests, type TestFile } from './live-tests.js';

interface KnownSource {
  readonly bytes: Uint8Array;
  readonly dialect: DialectId;
  readonly file: SourceFile;
  /** Null for a format whose files are read as a whole when they change. */
  readonly editable: EditableFile | null;
}

/**
 * The trees and the project of one unit while it is edited. `read` takes an edit over into the tree, `build` into the
 * project. The bytes of a version of a file are one object, so identity tells whether a file changed.
 *
 * A project that `build` gave is used up by the next edit: its trees show the text after it.
 */
export class LiveProject {
  readonly #sources = new Map<string, KnownSource>();
  #edits: FileEdit[] = [];
  #project: OpenProject | null = null;
  readonly #tests = new LiveTests();

  readonly read: SourceReader = (path, bytes, dialect) => {
    const known = this.#sources.get(path);
    if (known === undefined || known.dialect !== dialect) return this.#open(path, bytes, dialect);
    if (known.bytes === bytes) return known.file;
    const program = plainProgramOf(path, bytes, dialect);
    // A file that becomes another kind of text is read anew, and so is the project.
    if ((program === null) !== (known.editable === null)) return this.#open(path, bytes, dialect);
    this.#edits.push(
      program === null || known.editable === null
        ? takeOverFile(known.file, readSource(path, bytes, dialect))
        : editFile(known.editable, program.text),
    );
    this.#sources.set(path, { ...known, bytes });
    return known.file;
  };

  #open(path: string, bytes: Uint8Array, dialect: DialectId): SourceFile {
    const program = plainProgramOf(path, bytes, dialect);
    const editable = program === null ? null : openEditableFile(path, program.text, program.dialect);
    const file = editable?.file ?? readSource(path, bytes, dialect);
    this.#sources.set(path, { bytes, dialect, file, editable });
    return file;
  }

  /** Reads the files that have changed. False when one of them is another tree now: then the project is to be built. */
  readChanged(snapshot: SiteSnapshot, paths: ReadonlySet<string>): boolean {
    for (const path of paths) {
      const known = this.#sources.get(path);
      const bytes = snapshot.get(path);
      if (known === undefined) continue;
      if (bytes === undefined || this.read(path, bytes, known.dialect) !== known.file) return false;
    }
    return this.#project !== null;
  }

  /** The project after the changes that were read. */
  update(): Project {
    if (this.#project === null) throw new Error('update before build');
    return this.build(this.#project.input);
  }

  readonly build: ProjectBuilder = (input): Project => {
    const known = this.#project;
    const edits = this.#edits;
    this.#edits = [];
    const isSame = known !== null && isSameInput(known.input, input);
    this.#project = isSame ? updateProject(known, edits) : openProject(input);
    if (isSame) this.#tests.take(edits);
    else this.#tests.clear();
    return this.#project.project;
  };

  /** A test file with the project of the site, which `build` or `update` gave last. */
  showTest(path: string, bytes: Uint8Array): TestFile {
    if (this.#project === null) throw new Error('showTest before build');
    return this.#tests.show(path, bytes, this.#project.project);
  }
}

function isSameInput(before: ProjectInput, after: ProjectInput): boolean {
  return (
    before.dialect === after.dialect &&
    before.entry === after.entry &&
    before.cycle === after.cycle &&
    before.files.length === after.files.length &&
    before.files.every((file, position) => file === after.files[position])
  );
}
