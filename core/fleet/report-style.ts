/** The one style sheet of reports: system fonts, light and dark, readable on paper. */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --text: #1b1f24; --quiet: #57606a; --page: #ffffff; --panel: #f5f7f9; --line: #d0d7de; --good: #116329; --bad: #a40e26; --warn: #7d4e00; --added: #e2f7e6; --removed: #fdeaea; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --quiet: #9da7b1; --page: #0f141a; --panel: #171e26; --line: #36404b; --good: #56d364; --bad: #ff8a85; --warn: #e3b341; --added: #12351f; --removed: #4a1a1d; } }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 76rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { margin: 0.25rem 0; font-size: 1.7rem; line-height: 1.25; }
h2 { margin: 2.5rem 0 0.75rem; font-size: 1.25rem; border-bottom: 1px solid var(--line); padding-bottom: 0.3rem; }
h3 { margin: 1.25rem 0 0.5rem; font-size: 1rem; overflow-wrap: anywhere; }
.kicker, .site, .place, footer { color: var(--quiet); margin: 0.2rem 0; }
.status { border-left: 4px solid; padding: 0.6rem 0.9rem; background: var(--panel); font-weight: 600; }
.passed { color: var(--good); } .failed { color: var(--bad); } .not-applicable { color: var(--quiet); }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; font-weight: 600; padding: 0.5rem 0; }
th, td { text-align: left; vertical-align: top; padding: 0.4rem 0.7rem; border: 1px solid var(--line); overflow-wrap: anywhere; }
thead th { background: var(--panel); overflow-wrap: normal; }
td.passed, td.failed { white-space: nowrap; }
.facts th { width: 10rem; font-weight: 600; }
.scroll { overflow-x: auto; }
pre, .code, .sign, .number { font: 13px/1.45 ui-monospace, SFMono-Regular, Consolas, monospace; }
pre { white-space: pre-wrap; margin: 0; }
.diff td { border: 0; padding: 0 0.5rem; } .diff { border: 1px solid var(--line); }
.diff .code { white-space: pre-wrap; width: 100%; } .diff .number { color: var(--quiet); text-align: right; white-space: nowrap; user-select: none; }
.diff .added td { background: var(--added); } .diff .removed td { background: var(--removed); }
.diff .hunk td { background: var(--panel); color: var(--quiet); padding: 0.2rem 0.5rem; }
.diff .note td { padding: 0.3rem 0.7rem; border-left: 4px solid var(--warn); background: var(--panel); }
.diff .note.error td, .diff .note.blocker td { border-left-color: var(--bad); }
.finding { border: 1px solid var(--line); border-left: 4px solid var(--quiet); padding: 0 1rem 0.75rem; margin: 0.75rem 0; }
.finding.error, .finding.blocker { border-left-color: var(--bad); } .finding.warning { border-left-color: var(--warn); }
.veto { border: 1px solid var(--line); border-top: 4px solid var(--bad); padding: 0 1rem 1rem; margin: 1rem 0; }
h4 { margin: 1.25rem 0 0.4rem; font-size: 0.95rem; }
.sides { table-layout: fixed; } .sides td { padding: 0.1rem 0.5rem; border: 0; } .sides thead th { padding: 0.25rem 0.5rem; border: 0; }
.sides col.line { width: 3.2rem; } .sides .code { width: auto; }
.sides .was { background: var(--removed); } .sides .is { background: var(--added); }
.sides mark { background: none; color: inherit; font-weight: 700; text-decoration: underline 2px; text-underline-offset: 3px; }
.reasons { padding-left: 1.4rem; } .reasons li { margin: 0.8rem 0; } .reasons p { margin: 0.15rem 0; } .headline { font-weight: 600; }
.relation { border-left: 4px solid; padding: 0.3rem 0.8rem; background: var(--panel); margin: 0.4rem 0; }
.matrix td { text-align: center; } .matrix thead th { font-size: 0.85rem; font-weight: 600; }
figure { margin: 0.75rem 0; overflow-x: auto; } figcaption { color: var(--quiet); font-size: 0.9rem; } figure svg { max-width: 100%; height: auto; border: 1px solid var(--line); }
.severity { color: var(--quiet); font-weight: 400; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media print { :root { color-scheme: light; } details { display: block; } .status, .finding { break-inside: avoid; } }
`;
