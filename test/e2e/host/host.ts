import type { Page } from 'playwright-core';

/** What a host needs to run the suite in a VS Code window. All paths are absolute. */
export interface SuiteRun {
  /** The unpacked extension, as the VSIX holds it. */
  readonly extension: string;
  /** CommonJS module that exports `run()`. */
  readonly suite: string;
  readonly workspace: string;
  /** Scratch folder for user data; removed by the caller. */
  readonly scratch: string;
  /** Environment of the extension host. */
  readonly environment: Readonly<Record<string, string>>;
  /** Called once with the page of the workbench, before the suite starts. */
  readonly attach: (page: Page) => void;
  readonly log: (line: string) => void;
}

/** A VS Code to run the suite in. Resolves to true when `run()` of the suite resolved. */
export type Host = (run: SuiteRun) => Promise<boolean>;
