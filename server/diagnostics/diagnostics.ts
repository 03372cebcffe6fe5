import {
  type Connection,
  type Diagnostic,
  DiagnosticRefreshRequest,
  type DocumentDiagnosticReport,
  DocumentDiagnosticReportKind,
} from 'vscode-languageserver/node';
import { decodeText } from '../../core/base/decode.js';
import { digestOfJson } from '../../core/base/digest.js';
import { compareFindings, type Finding } from '../../core/base/finding.js';
import { FLEET_FILE } from '../../core/fleet/fleet.js';
import { readFleetText } from '../../core/fleet/read-fleet.js';
import { MANIFEST_FILE } from '../../core/site/manifest.js';
import { SafetyRunner } from '../safety/safety-runner.js';
import { isTestFile, type Unit } from '../workspace/unit.js';
import type { UnitFile, Workspace } from '../workspace/workspace.js';
import { type DiagnosticStyle, diagnosticOf } from './finding-diagnostic.js';

/** Findings of sites as they stand on disk. */
export interface SiteFindings {
  findingsIn(folder: string): readonly Finding[];
  /** Null when the unit has to be checked. */
  findingsOf(unit: Unit): readonly Finding[] | null;
}

/** What the client can do with diagnostics. */
export interface DiagnosticClient {
  readonly pulls: boolean;
  readonly refreshes: boolean;
  readonly relatedInformation: boolean;
  /** Scheme of documents that explain a code; null: the client has none. */
  readonly pageScheme: string | null;
}

/**
 * Diagnostics of the language are pulled by the client for the document at hand; safety findings, which take longer
 * and concern a whole site, are pushed when the worker has them, and with them the language's for files that are not open.
 * A client that can't pull gets everything pushed.
 */
export class Diagnostics {
  readonly #connection: Connection;
  readonly #workspace: Workspace;
  readonly #client: DiagnosticClient;
  readonly #safety: SafetyRunner;
  readonly #safetyFindings = new Map<Unit, readonly Finding[]>();
  /** By the folder of a site or the path of a loose file: the absolute paths of the files with findings. */
  readonly #published = new Map<string, ReadonlySet<string>>();
  #index: SiteFindings | null = null;
  readonly #timers = new Map<Unit, NodeJS.Timeout>();
  delay = 200;

  constructor(connection: Connection, workspace: Workspace, client: DiagnosticClient) {
    this.#connection = connection;
    this.#workspace = workspace;
    this.#client = client;
    this.#safety = new SafetyRunner(
      (unit, findings) => this.#takeSafetyFindings(unit, findings),
      (message) => connection.console.error(message),
    );
  }

  /** Says where findings of sites are known that are not opened. */
  useIndex(index: SiteFindings): void {
    this.#index = index;
  }

  /** Called when a site without an open file was indexed. */
  indexed(folder: string): void {
    if (!this.#workspace.hasSite(folder)) this.#publish(folder, folder, this.#index?.findingsIn(folder) ?? []);
  }

  /** Called after every change of a file of the unit. */
  changed(unit: Unit): void {
    clearTimeout(this.#timers.get(unit));
    this.#timers.set(
      unit,
      setTimeout(() => {
        this.#timers.delete(unit);
        this.#safety.request(unit);
        if (!this.#client.pulls) this.#push(unit);
      }, this.delay),
    );
  }

  /** Called when a file changed on disk, of which the client knows nothing. */
  async refresh(): Promise<void> {
    if (this.#client.pulls && this.#client.refreshes) await this.#connection.sendRequest(DiagnosticRefreshRequest.type);
  }

  closed(unit: Unit): void {
    clearTimeout(this.#timers.get(unit));
    this.#timers.delete(unit);
    this.#safety.forget(unit);
    this.#safetyFindings.delete(unit);
    this.#publish(unit.key, unit.root, this.#index?.findingsIn(unit.key) ?? []);
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    await this.#safety.stop();
  }

  /** The answer to `textDocument/diagnostic`. */
  report(file: UnitFile, previous: string | undefined): DocumentDiagnosticReport {
    const known = isTestFile(file.path) || isFleet(file.path) ? null : (this.#index?.findingsOf(file.unit) ?? null);
    const findings = known?.filter((one) => one.file === file.path) ?? languageFindings(file.unit, file.path);
    const resultId = digestOfJson(findings.map(({ witness: _, ...finding }) => finding));
    if (resultId === previous) return { kind: DocumentDiagnosticReportKind.Unchanged, resultId };
    return { kind: DocumentDiagnosticReportKind.Full, resultId, items: this.#items(file.unit.root, findings) };
  }

  #takeSafetyFindings(unit: Unit, findings: readonly Finding[]): void {
    if (!unit.hasOpenDocuments) return;
    this.#safetyFindings.set(unit, findings);
    this.#push(unit);
  }

  /** Files that are open get their findings of the language by asking. */
  #push(unit: Unit): void {
    const language = allLanguageFindings(unit).filter(({ file }) => !this.#client.pulls || !unit.isOpen(file));
    this.#publish(unit.key, unit.root, [...(this.#safetyFindings.get(unit) ?? []), ...language]);
  }

  /** Replaces what was published for a site or a loose file. */
  #publish(key: string, root: string, findings: readonly Finding[]): void {
    const byFile = new Map<string, Finding[]>();
    for (const finding of findings) {
      const path = `${root}/${finding.file}`;
      const known = byFile.get(path);
      if (known === undefined) byFile.set(path, [finding]);
      else known.push(finding);
    }
    for (const path of this.#published.get(key) ?? []) if (!byFile.has(path)) this.#send(root, path, []);
    for (const [path, own] of byFile) this.#send(root, path, own.sort(compareFindings));
    if (byFile.size === 0) this.#published.delete(key);
    else this.#published.set(key, new Set(byFile.keys()));
  }

  #send(root: string, path: string, findings: readonly Finding[]): void {
    void this.#connection.sendDiagnostics({
      uri: this.#workspace.uriOfAbsolute(path),
      diagnostics: this.#items(root, findings),
    });
  }

  #items(root: string, findings: readonly Finding[]): Diagnostic[] {
    const { pageScheme, relatedInformation } = this.#client;
    const style: DiagnosticStyle = {
      uriOf: (path) => this.#workspace.uriOfAbsolute(`${root}/${path}`),
      pageOf: pageScheme === null ? null : (code) => `${pageScheme}:/${code}.md`,
      relatedInformation,
    };
    return findings.map((finding) => diagnosticOf(finding, style));
  }
}

function isFleet(path: string): boolean {
  return path.split('/').at(-1) === FLEET_FILE;
}

function fleetFindings(unit: Unit, path: string): readonly Finding[] {
  const bytes = unit.snapshot().get(path);
  return bytes === undefined ? [] : readFleetText(decodeText(bytes).text, unit.absolute(path), path).findings;
}

function allLanguageFindings(unit: Unit): readonly Finding[] {
  const site = unit.site();
  return [...site.manifestFindings, ...site.project.findings];
}

function languageFindings(unit: Unit, path: string): readonly Finding[] {
  if (path === MANIFEST_FILE) return unit.site().manifestFindings;
  if (isFleet(path)) return fleetFindings(unit, path);
  const { project } = unit.fileOf(path) ?? { project: null };
  return project === null ? [] : project.findings.filter(({ file }) => file === path);
}
