/**
 * A safety rule is one object: it is the check, the documentation and the test at once. The table of all rules is
 * the single source of docs pages, settings and the digest `tool.rules` of a verdict.
 */

import type { Finding, Severity } from '../base/finding.js';
import type { Site } from '../site/site.js';

/** How a rule decides, as in the catalogue: syntax, data flow, whole program, proof, change, configuration. */
export type Decision = 'syntax' | 'dataflow' | 'whole-program' | 'proof' | 'change' | 'configuration';

/** An example: ST source and, where roles matter, manifest text. Every example is a test and part of the docs page. */
export interface RuleExample {
  readonly title: string;
  /** `path -> text` of a small site; `plantwright.yaml` included where the rule needs roles. */
  readonly files: Readonly<Record<string, string>>;
  /** For change rules: the site before the change. */
  readonly before?: Readonly<Record<string, string>>;
}

interface RuleBase {
  /** Code of the catalogue, for example `ES01`. */
  readonly code: string;
  /** Kebab-case name, for example `estop-write`. */
  readonly name: string;
  readonly severity: Severity;
  readonly title: string;
  /** What goes wrong on the machine, in plain words. */
  readonly rationale: string;
  /** Standard and clause, for example `ISO 13850:2015, 4.1.1`. */
  readonly reference: string;
  readonly decision: Decision;
  /** At least one each. */
  readonly flags: readonly RuleExample[];
  readonly accepts: readonly RuleExample[];
}

/** Looks at one version of a site. Shown inline while typing and reported by `check`. */
export interface StateRule extends RuleBase {
  readonly kind: 'state';
  check(site: Site): readonly Finding[];
}

/** Who made a change: an agent and a recipe are held to `protected:`, `may_change:` and the like; so is a person to `certified:`. */
export type ChangeAuthor = 'agent' | 'person';

/** What the change was allowed to touch, from the migration. Null fields: no limit from there. */
export interface ChangeScope {
  readonly author: ChangeAuthor;
  /** Globs of paths that may change; null: the site's sources. */
  readonly mayChange: readonly string[] | null;
  readonly mustNotChange: readonly string[];
  /** Signal roles whose logic the migration may change; null: not limited. */
  readonly touches: readonly string[] | null;
}

export interface Change {
  readonly before: Site;
  readonly after: Site;
  readonly scope: ChangeScope;
}

/** Compares two versions of a site. Reported by `verify` and as the safety verifier of a migration. */
export interface ChangeRule extends RuleBase {
  readonly kind: 'change';
  check(change: Change): readonly Finding[];
}

export type SafetyRule = StateRule | ChangeRule;
