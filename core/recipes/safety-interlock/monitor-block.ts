/**
 * The function block that evaluates two channels. A site that declares one in the style of SF_GuardMonitoring keeps
 * using it; otherwise the recipe adds the source of `SAFETY_GUARD_MONITOR` in the form of the site.
 */

import { createHash } from 'node:crypto';
import { dialectOf } from '../../language/dialects/dialect.js';
import type { DialectId } from '../../language/dialects/dialect-id.js';
import { keyOf, type PouSymbol } from '../../language/semantics/symbols.js';
import type { Type } from '../../language/semantics/types.js';
import type { Site } from '../../site/site.js';

const OWN_BLOCK = 'SAFETY_GUARD_MONITOR';

/** Input pins that the recipe connects, and the output that it reads. */
const REQUIRED_INPUTS = [
  'ACTIVATE',
  'S_GUARDSWITCH1',
  'S_GUARDSWITCH2',
  'DISCREPANCYTIME',
  'S_STARTRESET',
  'S_AUTORESET',
  'RESET',
];
const REQUIRED_OUTPUTS = ['S_GUARDMONITORING', 'DIAGCODE'];

/** Blocks by preference: the site's own, then the PLCopen one where the site uses PLCopen Safety already. */
const KNOWN_BLOCKS = [OWN_BLOCK, 'SF_GuardMonitoring'];

export type MonitorBlock =
  /** A block that the site has. */
  { readonly kind: 'present'; readonly name: string } | { readonly kind: 'to-add'; readonly name: string };

/** Which block the site uses for two monitored channels of these types. */
export function monitorBlockFor(site: Site, channelTypes: readonly Type[]): MonitorBlock {
  const { project } = site;
  for (const name of KNOWN_BLOCKS) {
    const own = project.pous.find((pou) => keyOf(pou.name) === keyOf(name) && hasPins(pou));
    if (own !== undefined) return { kind: 'present', name: own.name };
  }
  // A certified block takes safe signals only: a BOOL channel must not be turned into a SAFEBOOL on the way.
  const areSafe = channelTypes.every((type) => type.kind === 'elementary' && type.name === 'SAFEBOOL');
  const libraryBlock = areSafe && usedSafetyLibrary(site) ? project.lookup('SF_GuardMonitoring') : null;
  if (libraryBlock?.kind === 'pou' && hasPins(libraryBlock)) return { kind: 'present', name: libraryBlock.name };
  return { kind: 'to-add', name: OWN_BLOCK };
}

/** True when the site already has instances of PLCopen blocks: then its controller has the library. */
function usedSafetyLibrary(site: Site): boolean {
  return site.project.pous.some((pou) =>
    [...pou.variables.values()].some(
      ({ type }) => type.kind === 'pou' && type.pou.isLibrary && /^SF_/i.test(type.pou.name),
    ),
  );
}

function hasPins(pou: PouSymbol): boolean {
  if (pou.pouKind !== 'function-block') return false;
  const inputs = REQUIRED_INPUTS.every((pin) => pou.variables.get(pin)?.scope === 'input');
  return inputs && REQUIRED_OUTPUTS.every((pin) => pou.variables.get(pin)?.scope === 'output');
}

/** The file extension that decides the form of an added source, with what wraps the text. */
interface SourceForm {
  readonly extension: string;
  readonly wrap: (declaration: string, body: string, siteName: string) => string;
}

const PLAIN: SourceForm = {
  extension: '.st',
  wrap: (declaration, body) => `${declaration}\n${body}END_FUNCTION_BLOCK\n`,
};

const FORMS: readonly SourceForm[] = [
  PLAIN,
  { ...PLAIN, extension: '.iecst' },
  {
    extension: '.scl',
    wrap: (declaration, body) => `${declaration}BEGIN\n${inThrees(body)}END_FUNCTION_BLOCK\n`,
  },
  { extension: '.tcpou', wrap: twincatObject },
];

export interface AddedSource {
  readonly path: string;
  readonly text: string;
}

/**
 * The source of the block beside the file that uses it, in the same format.
 *
 * @returns null for a format in which no function block can be written (`.TcGVL`, an exported archive)
 */
export function monitorSource(site: Site, besidePath: string, lineEnd: string): AddedSource | null {
  const slash = besidePath.lastIndexOf('/');
  const folder = besidePath.slice(0, slash + 1);
  const extension = besidePath.slice(besidePath.lastIndexOf('.'));
  const form = FORMS.find((candidate) => candidate.extension === extension.toLowerCase());
  if (form === undefined) return null;
  const { declaration, body } = blockText(site.project.dialect);
  const text = form.wrap(declaration, body, site.manifest?.site ?? '').replace(/\n/g, lineEnd);
  return { path: `${folder}${OWN_BLOCK}${extension}`, text };
}

function twincatObject(declaration: string, body: string, siteName: string): string {
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<TcPlcObject Version="1.1.0.1">',
    `  <POU Name="${OWN_BLOCK}" Id="{${stableGuid(`${siteName}/${OWN_BLOCK}`)}}" SpecialFunc="None">`,
    `    <Declaration><![CDATA[${declaration}]]></Declaration>`,
    '    <Implementation>',
    `      <ST><![CDATA[${body}]]></ST>`,
    '    </Implementation>',
    '  </POU>',
    '</TcPlcObject>',
    '',
  ].join('\n');
}

/** An object id that is the same on every run for the same site: version 8 of RFC 9562, from SHA-256. */
function stableGuid(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Declaration and statements of the block in the spelling of the dialect; lines end with `\n`. */
function blockText(dialect: DialectId): { declaration: string; body: string } {
  const { features } = dialectOf(dialect);
  const isScl = features.has('blocks');
  const head = isScl
    ? `FUNCTION_BLOCK "${OWN_BLOCK}"\n{ S7_Optimized_Access := 'TRUE' }\nVERSION : 0.1\n`
    : `FUNCTION_BLOCK ${OWN_BLOCK}\n`;
  const comment = BLOCK_COMMENT.map((line) => (isScl ? `// ${line}` : line)).join('\n');
  const notes = isScl ? `${comment}\n` : `(* ${comment} *)\n`;
  const sections = isScl ? inThrees(BLOCK_DECLARATION.replace(/\bTON\b/g, 'TON_TIME')) : BLOCK_DECLARATION;
  const declaration = `${notes}${head}${sections}`;
  return { declaration, body: features.has('hash-names') ? withHashes(BLOCK_BODY) : BLOCK_BODY };
}

/** One level deeper, with the three spaces per level that TIA Portal writes. */
function inThrees(text: string): string {
  return text.replace(/^ +/gm, (spaces) => ' '.repeat((spaces.length / 4) * 3)).replace(/^(?=.)/gm, '   ');
}

/** `name` to `#name` for the variables of the block; names of pins in calls stay bare. */
function withHashes(body: string): string {
  const names = [...BLOCK_DECLARATION.matchAll(/^\s+(\w+) :/gm)].map((match) => match[1] ?? '');
  const pattern = new RegExp(`(?<![\\w.#])(${names.join('|')})\\b`, 'g');
  return body.replace(pattern, '#$1');
}

const BLOCK_COMMENT = [
  'Guard with two channels: both must be closed, and differ no longer than DiscrepancyTime.',
  'After an opening or a discrepancy S_GuardMonitoring stays FALSE until Reset rises while both are closed.',
  'A reset button that is held at power-up, or held while the guard closes, does nothing.',
  'Pins after PLCopen Safety SF_GuardMonitoring; every output is FALSE (safe) until shown otherwise.',
  'DiagCode: 0000 not active, 8000 guard closed and released, 8402 waits for reset, 8802 guard open,',
  'C010 channels differed too long.',
];

const BLOCK_DECLARATION = `VAR_INPUT
    Activate : BOOL;
    S_GuardSwitch1 : BOOL;
    S_GuardSwitch2 : BOOL;
    DiscrepancyTime : TIME;
    S_StartReset : BOOL;
    S_AutoReset : BOOL;
    Reset : BOOL;
END_VAR
VAR_OUTPUT
    Ready : BOOL;
    S_GuardMonitoring : BOOL;
    SafetyDemand : BOOL;
    ResetRequest : BOOL;
    Error : BOOL;
    DiagCode : WORD;
END_VAR
VAR
    resetEdge : R_TRIG;
    discrepancyTimer : TON;
    closed : BOOL;
    resetWasOff : BOOL;
    started : BOOL;
    released : BOOL;
    discrepancyFault : BOOL;
END_VAR
`;

const BLOCK_BODY = `closed := Activate AND S_GuardSwitch1 AND S_GuardSwitch2;
discrepancyTimer(IN := Activate AND (S_GuardSwitch1 XOR S_GuardSwitch2), PT := DiscrepancyTime);
resetEdge(CLK := Reset);

IF discrepancyTimer.Q THEN
    discrepancyFault := TRUE;
    released := FALSE;
ELSIF NOT closed THEN
    released := FALSE;
ELSIF resetEdge.Q AND resetWasOff THEN
    discrepancyFault := FALSE;
    released := TRUE;
ELSIF S_AutoReset AND NOT discrepancyFault THEN
    released := TRUE;
ELSIF S_StartReset AND NOT started AND NOT discrepancyFault THEN
    released := TRUE;
END_IF;
IF NOT Reset THEN
    resetWasOff := TRUE;
END_IF;
IF Activate THEN
    started := TRUE;
END_IF;

Ready := Activate;
SafetyDemand := Activate AND NOT closed;
ResetRequest := closed AND NOT released;
Error := discrepancyFault;
S_GuardMonitoring := closed AND released AND NOT discrepancyFault;

IF NOT Activate THEN
    DiagCode := WORD#16#0000;
ELSIF discrepancyFault THEN
    DiagCode := WORD#16#C010;
ELSIF SafetyDemand THEN
    DiagCode := WORD#16#8802;
ELSIF ResetRequest THEN
    DiagCode := WORD#16#8402;
ELSE
    DiagCode := WORD#16#8000;
END_IF;
`;
