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
import type { Unit } from '../workspace/unit.js';
import type { UnitFile, Workspace } from '../workspace/workspace.js';
import { type DiagnosticStyle, diagnosticOf } from './finding-diagnostic.js';

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
 * and concern a whole site, are pushed when the worker has them. A client that can't pull gets both pushed.
 */
export class Diagnostics {
  readonly #connection: Connection;
  readonly #workspace: Workspace;
  readonly #client: DiagnosticClient;
  readonly #safety: SafetyRunner;
  readonly #safetyFindings = new Map<Unit, readonly Finding[]>();
  readonly #published = new Map<Unit, ReadonlySet<string>>();
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
    for (const path of this.#published.get(unit) ?? []) this.#send(unit, path, []);
    this.#published.delete(unit);
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    await this.#safety.stop();
  }

  /** The answer to `textDocument/diagnostic`. */
  report(file: UnitFile, previous: string | undefined): DocumentDiagnosticReport {
    const findings = languageFindings(file.unit, file.path);
    const resultId = digestOfJson(findings.map(({ witness: _, ...finding }) => finding));
    if (resultId === previous) return { kind: DocumentDiagnosticReportKind.Unchanged, resultId };
    return { kind: DocumentDiagnosticReportKind.Full, resultId, items: this.#items(file.unit, findings) };
  }

  #takeSafetyFindings(unit: Unit, findings: readonly Finding[]): void {
    if (!unit.hasOpenDocuments) return;
    this.#safetyFindings.set(unit, findings);
    this.#push(unit);
  }

  #push(unit: Unit): void {
    const byFile = new Map<string, Finding[]>();
    const add = (finding: Finding): void => {
      const known = byFile.get(finding.file);
      if (known === undefined) byFile.set(finding.file, [finding]);
      else known.push(finding);
    };
    for (const finding of this.#safetyFindings.get(unit) ?? []) add(finding);
    if (!this.#client.pulls) for (const finding of allLanguageFindings(unit)) add(finding);
    const before = this.#published.get(unit) ?? new Set();
    for (const path of before) if (!byFile.has(path)) this.#send(unit, path, []);
    for (const [path, findings] of byFile) this.#send(unit, path, findings.sort(compareFindings));
    this.#published.set(unit, new Set(byFile.keys()));
  }

  #send(unit: Unit, path: string, findings: readonly Finding[]): void {
    void this.#connection.sendDiagnostics({
      uri: this.#workspace.uriOf(unit, path),
      diagnostics: this.#items(unit, findings),
    });
  }

  #items(unit: Unit, findings: readonly Finding[]): Diagnostic[] {
    const { pageScheme, relatedInformation } = this.#client;
    const style: DiagnosticStyle = {
      uriOf: (path) => this.#workspace.uriOf(unit, path),
      pageOf: pageScheme === null ? null : (code) => `${pageScheme}:/${code}.md`,
      relatedInformation,
    };
    return findings.map((finding) => diagnosticOf(finding, style));
  }
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
  if (path.split('/').at(-1) === FLEET_FILE) return fleetFindings(unit, path);
  const { project } = unit.fileOf(path) ?? { project: null };
  return project === null ? [] : project.findings.filter(({ file }) => file === path);
}
