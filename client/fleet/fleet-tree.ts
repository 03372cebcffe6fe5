import * as vscode from 'vscode';
import type { Finding } from '../../core/base/finding.js';
import type { ChangeView } from '../../core/fleet/changes.js';
import type { StageName, StageResult, StageStatus } from '../../core/verify/verdict.js';
import { Disposable } from '../base/disposable.js';
import { changeWords, isUndecided, siteWords } from './change-words.js';
import { type AttemptView, type FleetState, NO_FLEET, type SiteView } from './fleet-state.js';
import { describeRun } from './run-words.js';

/** An entry of the tree: fleet > wave > site > verifier > finding. */
export type FleetNode =
  | { readonly kind: 'problem'; readonly finding: Finding; readonly file: string }
  | { readonly kind: 'wave'; readonly name: string; readonly sites: readonly SiteView[] }
  | { readonly kind: 'site'; readonly view: SiteView }
  | { readonly kind: 'stage'; readonly view: SiteView; readonly name: StageName; readonly result: StageResult | null }
  | { readonly kind: 'finding'; readonly view: SiteView; readonly finding: Finding }
  | { readonly kind: 'change'; readonly view: SiteView; readonly change: ChangeView }
  | { readonly kind: 'note'; readonly text: string };

const STAGES: readonly StageName[] = ['compile', 'safety', 'simulation', 'proof', 'judge'];

/** The tree view *Fleet*. Shows the state it was given last; knows nothing of files. */
export class FleetTree extends Disposable implements vscode.TreeDataProvider<FleetNode> {
  readonly #changed = this.register(new vscode.EventEmitter<undefined>());
  readonly #view: vscode.TreeView<FleetNode>;
  #state: FleetState = NO_FLEET;
  readonly onDidChangeTreeData = this.#changed.event;

  constructor() {
    super();
    this.#view = this.register(
      vscode.window.createTreeView('plantwright.fleet', { treeDataProvider: this, showCollapseAll: true }),
    );
  }

  update(state: FleetState): void {
    this.#state = state;
    const waiting = state.sites.filter(({ change }) => change !== null && isUndecided(change)).length;
    this.#view.badge = waiting === 0 ? undefined : { value: waiting, tooltip: `${waiting} change requests to decide` };
    this.#view.description = state.run === null ? '' : describeRun(state.run);
    this.#changed.fire(undefined);
  }

  getChildren(node?: FleetNode): FleetNode[] {
    if (node === undefined) return this.#roots();
    switch (node.kind) {
      case 'wave':
        return node.sites.map((view) => ({ kind: 'site', view }));
      case 'site':
        return childrenOfSite(node.view);
      case 'stage':
        return (node.result?.findings ?? []).map((finding) => ({ kind: 'finding', view: node.view, finding }));
      default:
        return [];
    }
  }

  getTreeItem(node: FleetNode): vscode.TreeItem {
    switch (node.kind) {
      case 'problem':
        return problemItem(node.finding, node.file);
      case 'wave':
        return waveItem(node.name, node.sites);
      case 'site':
        return siteItem(node.view);
      case 'stage':
        return stageItem(node.name, node.result, node.view.attempt);
      case 'finding':
        return findingItem(node.view, node.finding);
      case 'change':
        return changeItem(node.change);
      case 'note':
        return new vscode.TreeItem(node.text);
    }
  }

  #roots(): FleetNode[] {
    const { fleet, problems, sites } = this.#state;
    if (fleet === null) {
      return problems.map((finding) => ({ kind: 'problem', finding, file: finding.file }));
    }
    const waves = new Map<string, SiteView[]>();
    for (const { name } of fleet.settings.waves ?? []) waves.set(name, []);
    for (const view of sites) {
      const name = view.site.wave ?? 'Sites in no wave';
      waves.set(name, [...(waves.get(name) ?? []), view]);
    }
    return [...waves]
      .filter(([, members]) => members.length > 0)
      .map(([name, members]) => ({ kind: 'wave', name, sites: members }));
  }
}

function childrenOfSite(view: SiteView): FleetNode[] {
  const { attempt, change } = view;
  const nodes: FleetNode[] = change === null ? [] : [{ kind: 'change', view, change }];
  if (attempt === null) return nodes;
  const verdict = attempt.verdict;
  if (verdict !== null || attempt.kind === 'running') {
    for (const name of STAGES) {
      const result = verdict?.stages.find(({ stage }) => stage === name) ?? null;
      nodes.push({ kind: 'stage', view, name, result });
    }
  }
  nodes.push(...attempt.findings.map((finding): FleetNode => ({ kind: 'finding', view, finding })));
  if (nodes.length === 0 && attempt.detail !== '') nodes.push({ kind: 'note', text: attempt.detail });
  return nodes;
}

function problemItem(finding: Finding, file: string): vscode.TreeItem {
  const item = new vscode.TreeItem(finding.message);
  item.description = `line ${finding.line}`;
  item.iconPath = new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
  item.command = openCommand(vscode.Uri.file(file), finding);
  item.tooltip = finding.message;
  return item;
}

function waveItem(name: string, sites: readonly SiteView[]): vscode.TreeItem {
  const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.Expanded);
  item.id = `wave ${name}`;
  item.description = `${sites.length} ${sites.length === 1 ? 'site' : 'sites'}`;
  item.iconPath = new vscode.ThemeIcon('layers');
  item.contextValue = 'wave';
  return item;
}

function siteItem(view: SiteView): vscode.TreeItem {
  const { site, attempt, change } = view;
  const hasChildren = childrenOfSite(view).length > 0;
  const item = new vscode.TreeItem(
    site.name,
    hasChildren ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
  );
  item.id = `site ${site.name}`;
  const facts = [site.plcType, site.safetyRating].filter((fact) => fact !== null).join(', ');
  const words = siteWords(view);
  item.description = attempt === null ? facts : attempt.stage === null ? words : `${words}: ${attempt.stage}`;
  item.iconPath = attempt === null ? new vscode.ThemeIcon('circuit-board') : siteIcon(view, attempt);
  item.contextValue = change === null ? 'site' : 'site.change';
  const detail = attempt === null || attempt.detail === '' ? '' : `\n${attempt.detail}`;
  item.tooltip = `${site.name}${site.location === null ? '' : `, ${site.location}`}\n${facts}${detail}`;
  item.accessibilityInformation = { label: `${site.name}, ${item.description}` };
  return item;
}

function siteIcon({ change }: SiteView, attempt: AttemptView): vscode.ThemeIcon {
  const isDecided = change !== null && attempt.kind === 'good' && !isUndecided(change);
  return isDecided ? new vscode.ThemeIcon(CHANGE_ICONS[change.status]) : attemptIcon(attempt);
}

function attemptIcon({ kind }: AttemptView): vscode.ThemeIcon {
  switch (kind) {
    case 'waiting':
      return new vscode.ThemeIcon('circle-outline');
    case 'running':
      return new vscode.ThemeIcon('sync~spin');
    case 'good':
      return new vscode.ThemeIcon('pass-filled', new vscode.ThemeColor('testing.iconPassed'));
    case 'attention':
      return new vscode.ThemeIcon('person', new vscode.ThemeColor('list.warningForeground'));
    case 'bad':
      return new vscode.ThemeIcon('error', new vscode.ThemeColor('testing.iconFailed'));
    case 'neutral':
      return new vscode.ThemeIcon('circle-slash');
  }
}

const STAGE_ICONS: Readonly<Record<StageStatus, vscode.ThemeIcon>> = {
  passed: new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed')),
  failed: new vscode.ThemeIcon('error', new vscode.ThemeColor('testing.iconFailed')),
  'not-applicable': new vscode.ThemeIcon('circle-slash'),
};

function stageItem(name: StageName, result: StageResult | null, attempt: AttemptView | null): vscode.TreeItem {
  const count = result?.findings.length ?? 0;
  const item = new vscode.TreeItem(
    name,
    count === 0 ? vscode.TreeItemCollapsibleState.None : vscode.TreeItemCollapsibleState.Collapsed,
  );
  if (result === null) {
    const atWork = attempt?.stage === name;
    item.description = atWork ? 'running' : 'waiting';
    item.iconPath = new vscode.ThemeIcon(atWork ? 'sync~spin' : 'circle-outline');
    return item;
  }
  const findings = count === 0 ? '' : `, ${count} ${count === 1 ? 'finding' : 'findings'}`;
  item.description = `${result.status.replace('-', ' ')}${findings}`;
  item.iconPath = STAGE_ICONS[result.status];
  item.accessibilityInformation = { label: `${name}: ${item.description}` };
  return item;
}

function findingItem({ site }: SiteView, finding: Finding): vscode.TreeItem {
  const item = new vscode.TreeItem(`${finding.code} ${finding.message}`);
  item.description = `${finding.file}:${finding.line}`;
  item.tooltip = `${finding.code} (${finding.rule}), ${finding.severity}\n${finding.message}`;
  item.iconPath = new vscode.ThemeIcon(
    finding.severity === 'info' ? 'info' : finding.severity === 'warning' ? 'warning' : 'error',
  );
  item.command = openCommand(vscode.Uri.joinPath(vscode.Uri.file(site.root), finding.file), finding);
  return item;
}

function changeItem(change: ChangeView): vscode.TreeItem {
  const { id } = change.record;
  const item = new vscode.TreeItem(id);
  item.description = changeWords(change);
  item.iconPath = new vscode.ThemeIcon(CHANGE_ICONS[change.status]);
  item.contextValue = isUndecided(change) ? 'change.open' : 'change.decided';
  item.command = { command: 'plantwright.reviewChange', title: 'Review', arguments: [{ change: id }] };
  item.tooltip = `${id}: ${item.description}`;
  item.accessibilityInformation = { label: `Change request ${id}, ${item.description}` };
  return item;
}

const CHANGE_ICONS: Readonly<Record<ChangeView['status'], string>> = {
  'awaiting-approval': 'git-pull-request',
  approved: 'verified-filled',
  rejected: 'git-pull-request-closed',
  stale: 'history',
  published: 'git-merge',
  'rolled-back': 'discard',
};

function openCommand(uri: vscode.Uri, finding: Finding): vscode.Command {
  const start = new vscode.Position(finding.line - 1, finding.column - 1);
  const end = new vscode.Position(finding.endLine - 1, finding.endColumn - 1);
  return { command: 'vscode.open', title: 'Open', arguments: [uri, { selection: new vscode.Range(start, end) }] };
}
