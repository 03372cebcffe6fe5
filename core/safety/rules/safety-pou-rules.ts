import type { Finding } from '../../base/finding.js';
import { keyOf, type PouSymbol } from '../../language/semantics/symbols.js';
import type { Statement, StatementList } from '../../language/syntax/tree.js';
import type { Site } from '../../site/site.js';
import { addressArea } from '../dataflow/location.js';
import { forEachExpressionIn, forEachStatement } from '../dataflow/visit.js';
import type { StateRule } from '../rule.js';
import { isSafetyBlock } from '../safety-blocks.js';
import { findingAt, safetyModelOf } from '../safety-model.js';
import { pouOf, safetyPousOf } from '../safety-pous.js';
import { example } from './example-machine.js';
import { bodiesOf } from './loop-and-call-rules.js';
import { excerpt, oncePerPlace } from './rule-text.js';

const WATCH = (body: string, variables = ''): string =>
  `FUNCTION_BLOCK Watch\nVAR_INPUT a : BOOL; b : BOOL; END_VAR\nVAR_OUTPUT ok : BOOL; END_VAR\n${variables}${body}\nEND_FUNCTION_BLOCK`;
const USE = {
  variables: 'watch1 : Watch;',
  body: 'watch1(a := Guard_Closed, b := EStop_OK);\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND watch1.ok;',
};

/** PL05: what safety code does without. */
export const languageSubset: StateRule = {
  kind: 'state',
  code: 'PL05',
  name: 'subset',
  severity: 'error',
  title: 'Safety code uses what a safe subset leaves out',
  rationale:
    'Computed pointers, memory taken at run time and jumps can\u2019t be followed by a reviewer nor by a proof. The standards recommend against them from SIL 1 on.',
  reference: 'IEC 61508-3:2010, table B.1; PLCopen Coding Guidelines E1 to E3',
  decision: 'syntax',
  flags: [
    example('a pointer that is computed', {
      ...USE,
      blocks: WATCH('p := ADR(a);\np := p + 1;\nok := p^ AND b;', 'VAR p : POINTER TO BOOL; END_VAR\n'),
    }),
    example('a jump', {
      ...USE,
      blocks: WATCH('ok := FALSE;\nIF NOT a THEN JMP done; END_IF\nok := b;\ndone:\n;'),
    }),
  ],
  accepts: [
    example('plain logic', { ...USE, blocks: WATCH('ok := a AND b;') }),
    example('a pointer in a block for texts', {
      blocks:
        'FUNCTION_BLOCK Text\nVAR_INPUT a : BOOL; END_VAR\nVAR p : POINTER TO BOOL; END_VAR\np := ADR(a);\np := p + 1;\nEND_FUNCTION_BLOCK',
      variables: 'text1 : Text;',
      body: 'text1(a := Start_PB);\nMotor := Start_PB AND EStop_OK AND Guard_Closed;',
    }),
  ],
  check(site) {
    return inSafetyPous(site, (pou, list, file) => {
      const found: Finding[] = [];
      const report = (span: { start: number; end: number }, what: string, kind: string): void => {
        found.push(
          findingAt(languageSubset, site, file, span, {
            message: `${pou.name} is safety code and uses ${what}: "${excerpt(file.text.slice(span.start, span.end))}". Write it without.`,
            subject: `${keyOf(pou.qualifiedName)} ${kind}`,
          }),
        );
      };
      forEachStatement(list, (statement) => {
        if (statement.kind === 'Goto') report(statement, 'a jump', 'jump');
      });
      forEachExpressionIn(list, (expression) => {
        if (
          expression.kind === 'Call' &&
          expression.callee.kind === 'Name' &&
          /^__(NEW|DELETE)$/i.test(expression.callee.name.name)
        )
          report(expression, 'memory taken at run time', 'memory');
        if (expression.kind !== 'Binary' || !/^[-+*]$/.test(expression.operator)) return;
        const isPointer = [expression.left, expression.right].some((side) => {
          const type = site.project.model.typeOf(side);
          return type.kind === 'pointer' && type.pointerKind === 'pointer';
        });
        if (isPointer) report(expression, 'a computed pointer', 'pointer');
      });
      return found;
    });
  },
};

const MOST_WAYS = 10;
const DEEPEST = 4;

/** PL06: more than a reviewer can hold in mind. */
export const safetyComplexity: StateRule = {
  kind: 'state',
  code: 'PL06',
  name: 'complexity',
  severity: 'warning',
  title: 'A safety block is too complex to be reviewed',
  rationale:
    'A block with more than ten ways through it, or nested deeper than four, is tested in part and understood in part.',
  reference: 'IEC 61508-3:2010, table B.9; PLCopen Coding Guidelines CP9',
  decision: 'syntax',
  flags: [
    example('twelve ways', {
      ...USE,
      blocks: WATCH(
        `${Array.from({ length: 12 }, (_, index) => `IF n = ${index} THEN n := ${index + 1}; END_IF`).join('\n')}\nok := a AND b;`,
        'VAR n : INT; END_VAR\n',
      ),
    }),
  ],
  accepts: [
    example('three ways', {
      ...USE,
      blocks: WATCH('IF a THEN ok := b; ELSE ok := FALSE; END_IF'),
    }),
  ],
  check(site) {
    return safetyPousOf(site).flatMap((pou): Finding[] => {
      const bodies = bodiesOf(site, pou);
      const { declaration } = pou;
      const file = pou.site?.file;
      if (declaration === null || file === undefined || pou.pouKind === 'program') return [];
      const ways = Math.max(0, ...bodies.map(({ list }) => waysThrough(list)));
      const depth = Math.max(0, ...bodies.map(({ list }) => depthOf(list)));
      if (ways <= MOST_WAYS && depth <= DEEPEST) return [];
      return [
        findingAt(safetyComplexity, site, file, declaration.name, {
          message: `${pou.name} is safety code with ${ways} ways through it, nested ${depth} deep. Divide it into blocks of at most ${MOST_WAYS} ways and ${DEEPEST} levels.`,
          subject: `${keyOf(pou.qualifiedName)} complexity`,
        }),
      ];
    });
  },
};

/** McCabe: one, and one more for every decision. */
function waysThrough(list: StatementList): number {
  let ways = 1;
  forEachStatement(list, (statement) => {
    if (statement.kind === 'If' || statement.kind === 'Case') ways += statement.branches.length;
    if (statement.kind === 'For' || statement.kind === 'While' || statement.kind === 'Repeat') ways++;
  });
  return ways;
}

function depthOf(list: StatementList): number {
  return Math.max(0, ...list.statements.map(depthIn));
}

function depthIn(statement: Statement): number {
  switch (statement.kind) {
    case 'If':
    case 'Case': {
      const lists = [
        ...statement.branches.map(({ body }) => body),
        ...(statement.otherwise === null ? [] : [statement.otherwise]),
      ];
      return 1 + Math.max(0, ...lists.map(depthOf));
    }
    case 'For':
    case 'While':
    case 'Repeat':
      return 1 + depthOf(statement.body);
    case 'Region':
      return depthOf(statement.body);
    default:
      return 0;
  }
}

/** PL07: the lamp in the e-stop block. */
export const mixedSoftware: StateRule = {
  kind: 'state',
  code: 'PL07',
  name: 'srasw-mixed',
  severity: 'warning',
  title: 'Safety blocks and ordinary outputs share one block',
  rationale:
    'Whoever changes the lamp changes the file of the e-stop, and every such change has to be verified as a change of the safety function.',
  reference: 'ISO 13849-1:2023, 7.4 (separation of safety-related and other software)',
  decision: 'whole-program',
  flags: [
    example('a block with SF_EmergencyStop drives a lamp', {
      inputType: 'SAFEBOOL',
      blocks:
        'FUNCTION_BLOCK Stops\nVAR_INPUT S_e : SAFEBOOL; reset : BOOL; END_VAR\nVAR_OUTPUT S_ok : SAFEBOOL; END_VAR\nVAR stop1 : SF_EmergencyStop; END_VAR\nstop1(Activate := TRUE, S_EStopIn := S_e, Reset := reset);\nS_ok := stop1.S_EStopOut;\nMain.lamp := stop1.ResetRequest;\nEND_FUNCTION_BLOCK',
      variables: 'stops1 : Stops; lamp AT %QX1.0 : BOOL;',
      body: 'stops1(S_e := EStop_OK, reset := Reset_PB);\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND stops1.S_ok;',
    }),
  ],
  accepts: [
    example('the lamp is driven outside', {
      inputType: 'SAFEBOOL',
      blocks:
        'FUNCTION_BLOCK Stops\nVAR_INPUT S_e : SAFEBOOL; reset : BOOL; END_VAR\nVAR_OUTPUT S_ok : SAFEBOOL; wanted : BOOL; END_VAR\nVAR stop1 : SF_EmergencyStop; END_VAR\nstop1(Activate := TRUE, S_EStopIn := S_e, Reset := reset);\nS_ok := stop1.S_EStopOut;\nwanted := stop1.ResetRequest;\nEND_FUNCTION_BLOCK',
      variables: 'stops1 : Stops; lamp AT %QX1.0 : BOOL;',
      body: 'stops1(S_e := EStop_OK, reset := Reset_PB);\nlamp := stops1.wanted;\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND stops1.S_ok;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const hazards = new Set(model.hazards.map(({ location }) => location));
    const withBlocks = new Set<PouSymbol>();
    for (const { typeName, frame } of model.trace.calls) {
      const pou = isSafetyBlock(typeName) ? pouOf(frame.owner) : null;
      if (pou !== null && pou.pouKind === 'function-block') withBlocks.add(pou);
    }
    return oncePerPlace(
      model.trace.writes.flatMap((event) => {
        const pou = pouOf(event.frame.owner);
        if (pou === null || !withBlocks.has(pou) || hazards.has(event.target)) return [];
        const address = event.target.startsWith('%')
          ? event.target
          : (model.variableAt(event.target)?.location?.text ?? '');
        if (addressArea(address) !== 'Q') return [];
        return [
          findingAt(mixedSoftware, site, event.frame.file, event.node, {
            message: `${pou.name} calls certified safety blocks and writes the ordinary output ${model.tagOf(event.target)}. Give the lamp or the message to a block of its own.`,
            subject: `${keyOf(pou.qualifiedName)} ${event.target}`,
          }),
        ];
      }),
    );
  },
};

const REQUIREMENT = /\b(SR|SRS|REQ|SF|SRF|SIF|FS)[-_ ]?\d+\b/;

/** PL08: why is this here? */
export const noTrace: StateRule = {
  kind: 'state',
  code: 'PL08',
  name: 'no-trace',
  severity: 'warning',
  title: 'A safety block names no requirement',
  rationale:
    'Without the number of its requirement nobody can tell what a block has to do, which test belongs to it, and whether it may be changed.',
  reference: 'IEC 61508-3:2010, 7.2 and table A.1 (traceability)',
  decision: 'syntax',
  flags: [
    example('another block of the site does', {
      ...USE,
      blocks: `${WATCH('ok := a AND b;')}\n// SR-7: one door\n${WATCH('ok := a;').replace('Watch', 'Door')}`,
      variables: 'watch1 : Watch; door1 : Door;',
      body: `door1(a := Guard_Closed, b := EStop_OK);\n${USE.body.replace('watch1.ok', 'watch1.ok AND door1.ok')}`,
    }),
  ],
  accepts: [
    example('with its number', { ...USE, blocks: WATCH('// SR-12\nok := a AND b;') }),
    example('a site without numbers', { ...USE, blocks: WATCH('ok := a AND b;') }),
  ],
  check(site) {
    const pous = safetyPousOf(site).filter(({ pouKind }) => pouKind !== 'program');
    // A site that numbers some of its safety blocks wants a number at each.
    if (!pous.some((pou) => namesRequirement(pou))) return [];
    return pous.flatMap((pou): Finding[] => {
      const { declaration } = pou;
      const file = pou.site?.file;
      if (declaration === null || file === undefined || namesRequirement(pou)) return [];
      return [
        findingAt(noTrace, site, file, declaration.name, {
          message: `${pou.name} is safety code and names no requirement, while other safety blocks of the site do. Write the number into a comment of the block.`,
          subject: `${keyOf(pou.qualifiedName)} requirement`,
        }),
      ];
    });
  },
};

/** A number stands in the block, or in the comment above it. */
function namesRequirement({ declaration, site }: PouSymbol): boolean {
  if (declaration === null || site === null) return false;
  const { comments, text } = site.file;
  const before = Math.max(
    0,
    ...site.file.declarations.filter(({ end }) => end <= declaration.start).map(({ end }) => end),
  );
  return comments.some(
    ({ start, end }) => start >= before && end <= declaration.end && REQUIREMENT.test(text.slice(start, end)),
  );
}

function inSafetyPous(
  site: Site,
  check: (pou: PouSymbol, list: StatementList, file: ReturnType<typeof bodiesOf>[number]['file']) => Finding[],
): Finding[] {
  return oncePerPlace(
    safetyPousOf(site).flatMap((pou) => bodiesOf(site, pou).flatMap(({ file, list }) => check(pou, list, file))),
  );
}
