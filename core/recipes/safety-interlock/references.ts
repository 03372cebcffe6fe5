/** How one POU writes the name of a variable that is declared elsewhere. */

import { dialectOf } from '../../language/dialects/dialect.js';
import type { PouSymbol, VariableSymbol } from '../../language/semantics/symbols.js';
import type { Pou, SourceFile } from '../../language/syntax/tree.js';
import { walk } from '../../language/syntax/walk.js';
import type { TreeNode } from '../../safety/program-tree.js';
import type { Site } from '../../site/site.js';
import { accessPathOf } from './access-path.js';
import { quoteIfNeeded, styleOf } from './source-style.js';

export type Reference =
  | { readonly kind: 'text'; readonly text: string }
  /** Reachable after a VAR_EXTERNAL entry for the global variable. */
  | { readonly kind: 'external'; readonly text: string; readonly variable: VariableSymbol }
  | { readonly kind: 'unreachable' };

/** The program or function block in whose body a name is to be written. */
export interface Host {
  readonly symbol: PouSymbol;
  readonly pou: Pou;
  readonly file: SourceFile;
}

/** How the host writes a variable: as it does already elsewhere in its text, else by the rules of the dialect. */
export function referenceFrom(site: Site, host: Host, node: TreeNode): Reference {
  const members = node.path.map((part) => `.${quoteIfNeeded(part)}`).join('');
  const { root } = node;
  if (root.owner === host.symbol) return { kind: 'text', text: styleOf(host.file).local(root.name) + members };
  const written = spellingIn(site, host, root);
  if (written !== null) return { kind: 'text', text: written + members };
  const { owner } = root;
  const { features } = dialectOf(host.file.dialect);
  if (owner?.kind === 'global-list') {
    const list = features.has('quoted-names') ? `"${owner.name}"` : owner.name;
    return { kind: 'text', text: `${list}.${quoteIfNeeded(root.name)}${members}` };
  }
  if (owner?.kind === 'pou') {
    // In the CODESYS family a program is one global instance, and its variables can be read from anywhere.
    const canReachPrograms = owner.pouKind === 'program' && features.has('global-scope-operator');
    return canReachPrograms ? { kind: 'text', text: `${owner.name}.${root.name}${members}` } : { kind: 'unreachable' };
  }
  if (root.scope !== 'global') return { kind: 'unreachable' };
  return usesExternals(site)
    ? { kind: 'external', text: root.name + members, variable: root }
    : { kind: 'text', text: root.name + members };
}

/** The text by which the host names the variable already, VAR_EXTERNAL included; null when it does not. */
function spellingIn(site: Site, host: Host, root: VariableSymbol): string | null {
  for (const variable of host.symbol.variables.values()) {
    if (variable.externalTarget === root) return variable.name;
  }
  let found: string | null = null;
  walk(host.pou, (node) => {
    if (found !== null) return 'skip';
    if (node.kind !== 'Name' && node.kind !== 'Member') return undefined;
    const access = accessPathOf(node, site.project.model);
    if (access === null || access.root !== root || access.path.length > 0) return undefined;
    found = host.file.text.slice(node.start, node.end);
    return 'skip';
  });
  return found;
}

/** True when programs of the site reach globals through VAR_EXTERNAL, as the standard has it. */
export function usesExternals(site: Site): boolean {
  return site.project.pous.some((pou) => [...pou.variables.values()].some(({ scope }) => scope === 'external'));
}
