/** JUnit XML, as CI servers read it. */

import type { ScenarioResult } from './scenario.js';
import type { TestResult } from './test-runner.js';

/** A test or scenario, in the terms of JUnit. */
export interface JunitCase {
  readonly suite: string;
  readonly name: string;
  readonly line: number | null;
  readonly status: 'passed' | 'failed' | 'unknown';
  readonly message: string;
  readonly ms: number | null;
}

export function junitCaseOfTest(test: TestResult): JunitCase {
  return {
    suite: test.file,
    name: test.name,
    line: test.line,
    status: test.status,
    message: test.message,
    ms: test.ms,
  };
}

export function junitCaseOfScenario(result: ScenarioResult): JunitCase {
  const unknown = result.unknown.map((each) => `${each.name} (${each.file}:${each.line}): ${each.reason}`);
  const messages = result.findings.map((each) => `${each.file}:${each.line}: ${each.message}`);
  return {
    suite: result.file,
    name: result.name,
    line: result.findings[0]?.line ?? null,
    status: result.status,
    message: [...messages, ...(result.status === 'unknown' ? unknown : [])].join('\n'),
    ms: null,
  };
}

function escapeXml(text: string): string {
  const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  // XML 1.0 has no place for control characters other than tab and line ends.
  const printable = [...text]
    .filter((character) => character >= ' ' || character === '\n' || character === '\t')
    .join('');
  return printable.replace(/[&<>"]/g, (character) => escapes[character] ?? character).replaceAll('\n', '&#10;');
}

function seconds(ms: number | null): string {
  return ((ms ?? 0) / 1000).toFixed(3);
}

function caseXml(each: JunitCase): string {
  const line = each.line === null ? '' : ` line="${each.line}"`;
  const head = `    <testcase classname="${escapeXml(each.suite)}" name="${escapeXml(each.name)}" file="${escapeXml(each.suite)}"${line} time="${seconds(each.ms)}"`;
  if (each.status === 'passed') return `${head}/>`;
  // What is unknown is not passed: CI must not show it green.
  const tag = each.status === 'failed' ? 'failure' : 'error';
  return `${head}>\n      <${tag} message="${escapeXml(each.message)}"/>\n    </testcase>`;
}

/** The document of all cases, one suite per file, in the order given. */
export function junitXml(cases: readonly JunitCase[]): string {
  const suites = new Map<string, JunitCase[]>();
  for (const each of cases) suites.set(each.suite, [...(suites.get(each.suite) ?? []), each]);
  const count = (list: readonly JunitCase[], status: JunitCase['status']): number =>
    list.filter((each) => each.status === status).length;
  const totals = (list: readonly JunitCase[]): string =>
    `tests="${list.length}" failures="${count(list, 'failed')}" errors="${count(list, 'unknown')}" time="${seconds(list.reduce((sum, each) => sum + (each.ms ?? 0), 0))}"`;
  const body = [...suites].map(
    ([name, list]) =>
      `  <testsuite name="${escapeXml(name)}" ${totals(list)}>\n${list.map(caseXml).join('\n')}\n  </testsuite>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${totals(cases)}>\n${body.join('\n')}\n</testsuites>\n`;
}
