/** The thread of the safety rules: keeps the trees of every unit, so that a check reads only what changed. */

import { parentPort } from 'node:worker_threads';
import type { Finding } from '../../core/base/finding.js';
import { checkProofState } from '../../core/proof/rules.js';
import { checkState } from '../../core/safety/rule-table.js';
import { withSuppressions } from '../../core/safety/suppressions.js';
import { lintSite } from '../../core/site/lint-site.js';
import type { SourceReader } from '../../core/site/open-site.js';
import { openSite } from '../../core/site/open-site.js';
import type { Site } from '../../core/site/site.js';
import { openLooseFile } from '../workspace/loose-file.js';
import { createSourceCache } from '../workspace/source-cache.js';
import type { SafetyAnswer, SafetyRequest } from './messages.js';

interface KnownUnit {
  readonly files: Map<string, Uint8Array>;
  readonly read: SourceReader;
}

const units = new Map<string, KnownUnit>();
/** Never aborted: the server ends this thread when a check takes too long. */
const { signal } = new AbortController();

parentPort?.on('message', (request: SafetyRequest) => {
  const answer: SafetyAnswer = { ticket: request.ticket, findings: check(request) };
  parentPort?.postMessage(answer);
});

function check(request: SafetyRequest): readonly Finding[] {
  const unit = units.get(request.unit) ?? { files: new Map<string, Uint8Array>(), read: createSourceCache() };
  units.set(request.unit, unit);
  if (request.isComplete) unit.files.clear();
  for (const [path, bytes] of request.changes) {
    if (bytes === null) unit.files.delete(path);
    else unit.files.set(path, bytes);
  }
  const site = siteOf(request, unit);
  // A file without a manifest has no obligations to prove.
  const proved = request.loose === null ? checkProofState(site, signal, 'dominance') : [];
  const today = new Date().toISOString().slice(0, 10);
  return [...lintSite(site), ...withSuppressions(site, [...checkState(site), ...proved], today)];
}

function siteOf({ loose }: SafetyRequest, { files, read }: KnownUnit): Site {
  return loose === null ? openSite(files, read) : openLooseFile(files, loose.path, loose.dialect, read);
}
