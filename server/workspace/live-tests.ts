import { plainProgramOf, readSource } from '../../core/formats/read-source.js';
import type { Project } from '../../core/language/semantics/model.js';
import { type OpenProject, openProject } from '../../core/language/semantics/project.js';
import { updateProject } from '../../core/language/semantics/update-project.js';
import {
  type EditableFile,
  editFile,
  type FileEdit,
  openEditableFile,
} from '../../core/language/syntax/edit-source-file.js';
import type { SourceFile } from '../../core/language/syntax/tree.js';
import { LOOSE_CYCLE } from './loose-file.js';

/** Each keeps what is known of a whole site. */
const MAXIMUM_TESTS = 3;

interface LiveTest {
  readonly editable: EditableFile;
  bytes: Uint8Array;
  project: OpenProject;
  /** Edits of the site's files and of the test that the project does not show yet. */
  pending: FileEdit[];
}

/** A test file, and the project of the site with it. */
export interface TestFile {
  readonly file: SourceFile;
  readonly project: Project;
}

/**
 * The projects of the test files that an editor shows: each is that of the site and one test. They share the trees of the
 * site's files, so an edit of such a file is told here too.
 */
export class LiveTests {
  /** The one that was shown last stands last. */
  readonly #tests = new Map<string, LiveTest>();

  /** Edits that the trees of the site's files already show. */
  take(edits: readonly FileEdit[]): void {
    for (const test of this.#tests.values()) test.pending.push(...edits);
  }

  /** The site has other files now, or other trees of them. */
  clear(): void {
    this.#tests.clear();
  }

  /** The test file in its newest text with the current project of its site. */
  show(path: string, bytes: Uint8Array, site: Project): TestFile {
    const program = plainProgramOf(path, bytes, site.dialect);
    if (program === null) {
      const file = readSource(path, bytes, site.dialect);
      return { file, project: openProject(inputOf(site, file)).project };
    }
    const known = this.#tests.get(path);
    if (known === undefined) {
      const editable = openEditableFile(path, program.text, program.dialect);
      const project = openProject(inputOf(site, editable.file));
      this.#tests.set(path, { editable, bytes, project, pending: [] });
      const [oldest] = this.#tests.keys();
      if (this.#tests.size > MAXIMUM_TESTS && oldest !== undefined) this.#tests.delete(oldest);
      return { file: editable.file, project: project.project };
    }
    this.#tests.delete(path);
    this.#tests.set(path, known);
    if (known.bytes !== bytes) known.pending.push(editFile(known.editable, program.text));
    known.bytes = bytes;
    if (known.pending.length > 0) known.project = afterEdits(known.project, known.pending.splice(0));
    return { file: known.editable.file, project: known.project.project };
  }
}

/** What two edits of one file exchanged can't be told apart any more once the tree shows both. */
function afterEdits(project: OpenProject, edits: readonly FileEdit[]): OpenProject {
  const files = new Set(edits.map(({ file }) => file));
  return files.size === edits.length ? updateProject(project, edits) : openProject(project.input);
}

function inputOf({ files, dialect }: Project, test: SourceFile): OpenProject['input'] {
  return { files: [...files, test], dialect, entry: null, cycle: LOOSE_CYCLE };
}
