/** Sites from texts, for tests and for running the examples of rules. */

import { openSite } from '../../site/open-site.js';
import type { Site } from '../../site/site.js';
import type { Change, ChangeScope } from '../rule.js';

export type SiteFiles = Readonly<Record<string, string>>;

export function siteOf(files: SiteFiles): Site {
  return openSite(new Map(Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)])));
}

/** An agent's change without a task: it may touch the sources. */
const AGENT_SCOPE: ChangeScope = { author: 'agent', mayChange: null, mustNotChange: [], touches: null };

export function changeOf(before: SiteFiles, after: SiteFiles, scope: ChangeScope = AGENT_SCOPE): Change {
  return { before: siteOf(before), after: siteOf(after), scope };
}
