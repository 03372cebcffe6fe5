/** The pragmas of the CODESYS compiler and of TwinCAT, by their first word, and the attributes that they document. */

import { suggestion } from '../semantics/suggestions.js';

const PRAGMAS: ReadonlySet<string> = new Set([
  'analysis',
  'attribute',
  'bitaccess',
  'define',
  'else',
  'elsif',
  'end_if',
  'endregion',
  'error',
  'flag',
  'if',
  'info',
  'library',
  'nested_comments',
  'parameterstring',
  'project_define',
  'region',
  'text',
  'undefine',
  'warning',
]);

const ATTRIBUTES = [
  'analysis',
  'analysis:report-multiple-instance-calls',
  'call_after_global_init_slot',
  'call_after_init',
  'call_after_online_change_slot',
  'call_before_global_exit_slot',
  'call_on_type_change',
  'conditionalshow',
  'conditionalshow_all_locals',
  'const_non_replaced',
  'const_replaced',
  'dataflow',
  'displaymode',
  'estimated-stack-usage',
  'enable_dynamic_creation',
  'excludefrommonitoring',
  'external_implementation',
  'expandfully',
  'global_init_slot',
  'hide',
  'hide_all_locals',
  'init_namespace',
  'init_on_onlchange',
  'initialize_on_call',
  'instance-path',
  'io_function_block',
  'io_function_block_mapping',
  'is_connected',
  'linkalways',
  'monitoring',
  'monitoring_instead',
  'namespace',
  'no-analysis',
  'no_assign',
  'no_assign_warning',
  'no_check',
  'no_copy',
  'no_explicit_call',
  'no_init',
  'no_instance_in_retain',
  'no_virtual_actions',
  'no-exit',
  'noflow',
  'obsolete',
  'opc.ua.da',
  'pack_mode',
  'parameterstringof',
  'pytype',
  'qualified_only',
  'reflection',
  'signature_flag',
  'strict',
  'subsequent',
  'symbol',
  'tcdisplayscale',
  'tclinkto',
  'tclinktoosimulated',
  'tcncaxis',
  'tcno_symbol',
  'tcretain',
  'tccontextname',
  'tccontextid',
  'tcinitsymbol',
  'tcrpcenable',
  'text',
  'to_string',
  'tooltip',
  'warning disable',
  'warning restore',
] as const;

const KNOWN_ATTRIBUTES: ReadonlySet<string> = new Set(ATTRIBUTES);

/** What is wrong with a pragma, or null. Attributes of a user's own are allowed: only a near miss is told. */
export function messageOnPragma(text: string): string | null {
  const word = /^\s*([A-Za-z_]\w*)/.exec(text)?.[1] ?? null;
  if (word === null) return null;
  if (!PRAGMAS.has(word.toLowerCase()))
    return `The pragma "${word}" is unknown, so it does nothing.${suggestion(word, PRAGMAS)}`;
  const attribute = /^\s*attribute\s+'([^']*)'/i.exec(text)?.[1]?.toLowerCase() ?? null;
  if (attribute === null || attribute.length < SHORTEST_MISSPELLING || KNOWN_ATTRIBUTES.has(attribute)) return null;
  const hint = suggestion(attribute, ATTRIBUTES);
  return hint === '' ? null : `The attribute '${attribute}' is unknown, so it does nothing.${hint}`;
}

/** Shorter words are near to many others by chance. */
const SHORTEST_MISSPELLING = 5;
