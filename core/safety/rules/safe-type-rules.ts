import type { Finding } from '../../base/finding.js';
import { keyOf, type PouSymbol } from '../../language/semantics/symbols.js';
import type { Type } from '../../language/semantics/types.js';
import type { Expression, SourceFile, Statement } from '../../language/syntax/tree.js';
import type { Site } from '../../site/site.js';
import { matchesAny } from '../../site/source-paths.js';
import { coneTouches } from '../dataflow/cone.js';
import { conditionsAround } from '../dataflow/trace.js';
import { forEachExpression, forEachExpressionIn, forEachStatement } from '../dataflow/visit.js';
import type { StateRule } from '../rule.js';
import { isSafetyBlock } from '../safety-blocks.js';
import { findingAt, findingAtEvent, safetyModelOf } from '../safety-model.js';
import { declaredSafetyPous, isSafeType, safetyLevelOf } from '../safety-pous.js';
import { example } from './example-machine.js';
import { bodiesOf } from './loop-and-call-rules.js';
import { excerpt, oncePerPlace, sourceText } from './rule-text.js';

const GATE = (body: string, variables = '', pragma = ''): string =>
  `${pragma}FUNCTION_BLOCK Gate\nVAR_INPUT S_a : SAFEBOOL; S_b : SAFEBOOL; x : BOOL; END_VAR\nVAR_OUTPUT S_q : SAFEBOOL; END_VAR\n${variables}${body}\nEND_FUNCTION_BLOCK`;
const USE = {
  inputType: 'SAFEBOOL' as const,
  variables: 'gate1 : Gate;',
  body: 'gate1(S_a := EStop_OK, S_b := Guard_Closed, x := Start_PB);\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND gate1.S_q;',
};

/** SB02: an ordinary bit inside of a safe expression. */
export const safeOrMix: StateRule = {
  kind: 'state',
  code: 'SB02',
  name: 'safe-or-mix',
  severity: 'blocker',
  title: 'A safe signal is combined by OR with an ordinary one',
  rationale:
    'SAFEBOOL OR BOOL is a BOOL: the ordinary bit alone makes it TRUE. An AND with another safe signal gives it the name of a safe one again, and the type checker is content.',
  reference: 'PLCopen Safety part 1, 4.1 (data types): OR of mixed operands is BOOL',
  decision: 'syntax',
  flags: [
    example('the OR hides behind an AND', { ...USE, blocks: GATE('S_q := S_a AND (S_b OR x);') }),
    example('at the output', {
      inputType: 'SAFEBOOL',
      variables: 'x : BOOL;',
      body: 'x := Reset_PB;\nMotor := Start_PB AND EStop_OK AND (Guard_Closed OR x);',
    }),
  ],
  accepts: [
    example('safe signals only', { ...USE, blocks: GATE('S_q := S_a OR S_b;') }),
    example('AND with an ordinary signal: a functional stop', { ...USE, blocks: GATE('S_q := S_a AND S_b AND x;') }),
    example('for a lamp', {
      inputType: 'SAFEBOOL',
      variables: 'lamp : BOOL;',
      body: 'lamp := EStop_OK OR Start_PB;\nMotor := Start_PB AND EStop_OK AND Guard_Closed;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const seen = new Set<Expression>();
    const findings: Finding[] = [];
    const look = (expression: Expression | null, file: SourceFile, target: string): void => {
      if (expression === null || seen.has(expression)) return;
      seen.add(expression);
      forEachExpression(expression, (part) => {
        if (part.kind !== 'Binary' || (part.operator !== 'OR' && part.operator !== 'OR_ELSE')) return;
        const sides = [part.left, part.right].map((side) => safetyOf(side, site));
        if (!sides.includes('safe') || !sides.includes('ordinary')) return;
        findings.push(
          findingAt(safeOrMix, site, file, part, {
            message: `"${excerpt(file.text.slice(part.start, part.end))}" combines a safe signal with an ordinary one by OR: the ordinary one alone decides. Use AND for a functional stop, or evaluate the second signal with a certified block.`,
            subject: `${target.replace(/#\d+/g, '')} or mix`,
          }),
        );
      });
    };
    for (const event of model.trace.writes) {
      const isSafe = isSafeType(model.variableAt(event.target)?.type ?? { kind: 'unknown' });
      if (isSafe || model.hazards.some(({ location }) => location === event.target))
        look(event.value, event.frame.file, event.target);
    }
    return oncePerPlace(findings);
  },
};

/** A literal is both; a negation is what it negates. */
function safetyOf(expression: Expression, site: Site): 'safe' | 'ordinary' | null {
  if (expression.kind === 'Parenthesized') return safetyOf(expression.expression, site);
  if (expression.kind === 'Unary') return safetyOf(expression.operand, site);
  if (site.project.model.constantOf(expression) !== null) return null;
  const type = site.project.model.typeOf(expression);
  if (isSafeType(type)) return 'safe';
  return type.kind === 'elementary' && (type.name === 'BOOL' || type.name === 'BIT') ? 'ordinary' : null;
}

/** HM05: an ordinary bit decides when a safe one is written. */
export const standardInSafety: StateRule = {
  kind: 'state',
  code: 'HM05',
  name: 'std-in-safety',
  severity: 'error',
  title: 'An ordinary signal decides about a safe one',
  rationale:
    'A branch on an ordinary bit writes a safe signal or leaves it as it was. The type checker sees no assignment of the bit, and the safe signal depends on it all the same.',
  reference: 'PLCopen Safety part 1, 4.1; ISO 13849-1:2023, 7.4 (use of other data in safety software)',
  decision: 'dataflow',
  flags: [
    example('a branch on an ordinary bit', {
      ...USE,
      blocks: GATE('IF x THEN S_q := S_a AND S_b; END_IF'),
    }),
    example('SEL by an ordinary bit', {
      ...USE,
      blocks: GATE('IF x THEN S_q := S_a; ELSE S_q := S_b; END_IF'),
    }),
  ],
  accepts: [
    example('a branch that only switches off', {
      ...USE,
      blocks: GATE('S_q := S_a AND S_b;\nIF x THEN S_q := SAFEBOOL#FALSE; END_IF'),
    }),
    example('a branch on a safe signal', {
      ...USE,
      blocks: GATE('S_q := SAFEBOOL#FALSE;\nIF S_a THEN S_q := S_b; END_IF'),
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    return oncePerPlace(
      model.trace.writes.flatMap((event) => {
        const type = model.variableAt(event.target)?.type;
        if (type === undefined || !isSafeType(type) || event.kind === 'library' || event.kind === 'input') return [];
        if (event.kind === 'reset') return [];
        if (event.value !== null && site.project.model.constantOf(event.value) === false) return [];
        const ordinary = conditionsAround(event).find(
          ({ expression, frame }) =>
            expression !== null && frame.owner === event.frame.owner && safetyOf(expression, site) === 'ordinary',
        );
        if (ordinary?.expression == null) return [];
        const { expression, frame } = ordinary;
        return [
          findingAtEvent(standardInSafety, site, event, {
            message: `${model.tagOf(event.target)} is a safe signal and is written only when the ordinary "${excerpt(frame.file.text.slice(expression.start, expression.end))}" allows it: ${sourceText(event)}. Write it in every scan, and combine the ordinary signal by AND.`,
            subject: `${event.target} ordinary branch`,
          }),
        ];
      }),
    );
  },
};

/** SB04: numbers that are only nearly equal. */
export const realInSafety: StateRule = {
  kind: 'state',
  code: 'SB04',
  name: 'real-in-safety',
  severity: 'error',
  title: 'Safety code uses REAL or STRING',
  rationale:
    'Floating point rounds, has values that are no numbers, and compares otherwise on the next controller. PLCopen leaves it out of safety programs.',
  reference: 'PLCopen Safety part 1, 4.1 (data types)',
  decision: 'syntax',
  flags: [
    example('a REAL in a block with safe pins', {
      ...USE,
      blocks: GATE('r := r + 1.0;\nS_q := S_a AND S_b AND r < 10.0;', 'VAR r : REAL; END_VAR\n'),
    }),
  ],
  accepts: [
    example('whole numbers', {
      ...USE,
      blocks: GATE('n := n + 1;\nS_q := S_a AND S_b AND n < 10;', 'VAR n : INT; END_VAR\n'),
    }),
    example('a REAL in ordinary code', {
      variables: 'speed : REAL;',
      body: 'speed := speed + 1.0;\nMotor := Start_PB AND EStop_OK AND Guard_Closed;',
    }),
  ],
  check(site) {
    return withSafeInterface(site).flatMap((pou): Finding[] =>
      [...pou.variables.values()].flatMap((variable) => {
        const name = typeName(variable.type);
        if (variable.site === null || !/^L?REAL$|^W?STRING$/.test(name)) return [];
        return [
          findingAt(realInSafety, site, variable.site.file, variable.site.identifier, {
            message: `${variable.qualifiedName} is a ${name} in safety code. Use whole numbers in the smallest unit, and give texts to a block of their own.`,
            subject: keyOf(variable.qualifiedName),
          }),
        ];
      }),
    );
  },
};

function typeName(type: Type): string {
  if (type.kind === 'elementary') return type.name;
  return type.kind === 'string' ? (type.isWide ? 'WSTRING' : 'STRING') : '';
}

/** POUs with safe pins, or with a pragma that calls them safety code. Certified ones answer to their certifier. */
function withSafeInterface(site: Site): readonly PouSymbol[] {
  const isCertified = certifiedBy(site);
  return declaredSafetyPous(site).filter((pou) => pou.pouKind !== 'program' && !isCertified(pou));
}

function certifiedBy(site: Site): (pou: PouSymbol) => boolean {
  const entries = site.manifest?.safety?.certified ?? [];
  const isPath = matchesAny(entries.filter((entry) => !entry.startsWith('POU:')));
  const names = new Set(entries.filter((entry) => entry.startsWith('POU:')).map((entry) => keyOf(entry.slice(4))));
  return (pou) =>
    (pou.site !== null && isPath(pou.site.file.path)) ||
    names.has(keyOf(pou.name)) ||
    names.has(keyOf(pou.qualifiedName));
}

const BASIC = "{safety level := 'basic'}\n";

/** SB05: more than the level allows. */
export const basicLevel: StateRule = {
  kind: 'state',
  code: 'SB05',
  name: 'basic-level',
  severity: 'error',
  title: 'A safety POU of the basic level does more than connect certified blocks',
  rationale:
    'The basic level is what needs no further validation of its logic: certified blocks, AND and OR. Arithmetic, branches and jumps belong to the extended level.',
  reference: 'PLCopen Safety part 1, 5 (user levels)',
  decision: 'syntax',
  flags: [
    example('a branch', { ...USE, blocks: GATE('IF S_a THEN S_q := S_b; END_IF', '', BASIC) }),
    example('arithmetic', {
      ...USE,
      blocks: GATE('n := n + 1;\nS_q := S_a AND S_b AND n < 10;', 'VAR n : INT; END_VAR\n', BASIC),
    }),
  ],
  accepts: [
    example('AND of safe signals', { ...USE, blocks: GATE('S_q := S_a AND S_b;', '', BASIC) }),
    example('the extended level', {
      ...USE,
      blocks: GATE(
        'IF S_a THEN S_q := S_b; ELSE S_q := SAFEBOOL#FALSE; END_IF',
        '',
        BASIC.replace('basic', 'extended'),
      ),
    }),
  ],
  check(site) {
    const basic = site.project.pous.filter((pou) => safetyLevelOf(pou) === 'basic');
    return oncePerPlace(
      basic.flatMap((pou) =>
        bodiesOf(site, pou).flatMap(({ file, list }): Finding[] => {
          const found: Finding[] = [];
          const report = (span: { start: number; end: number }, what: string): void => {
            found.push(
              findingAt(basicLevel, site, file, span, {
                message: `${pou.name} is declared as basic level and contains ${what}. Connect certified blocks by AND and OR only, or declare the extended level and validate the logic.`,
                subject: `${keyOf(pou.qualifiedName)} ${what}`,
              }),
            );
          };
          forEachStatement(list, (statement) => {
            const what = BEYOND_BASIC[statement.kind];
            if (what !== undefined) report(statement, what);
          });
          forEachExpressionIn(list, (expression) => {
            if (expression.kind === 'Binary' && !/^(AND|OR)$/.test(expression.operator))
              report(
                expression,
                /^[-+*/]|MOD/.test(expression.operator) ? 'arithmetic' : `the operator ${expression.operator}`,
              );
            const type = expression.kind === 'Call' ? site.project.model.typeOf(expression.callee) : null;
            if (type?.kind === 'pou' && !isSafetyBlock(type.pou.name)) report(expression, `the block ${type.pou.name}`);
          });
          return found;
        }),
      ),
    );
  },
};

const BEYOND_BASIC: Readonly<Partial<Record<Statement['kind'], string>>> = {
  If: 'a branch',
  Case: 'a branch',
  For: 'a loop',
  While: 'a loop',
  Repeat: 'a loop',
  Goto: 'a jump',
  Return: 'an early return',
};

const STANDARD_BLOCKS = /^(L?TON|L?TOF|L?TP|R_TRIG|F_TRIG|SR|RS|CTU|CTD|CTUD)$/;

/** SB06: a block that nobody validated. */
export const nonCertifiedBlock: StateRule = {
  kind: 'state',
  code: 'SB06',
  name: 'non-certified-fb',
  severity: 'error',
  title: 'Safety code uses a block that is not certified',
  rationale:
    'A safety function is as good as its weakest block. One of the application has to be listed as certified, or be validated like the function itself.',
  reference: 'ISO 13849-1:2023, 7.4 (validated function block libraries for PL c to e)',
  decision: 'configuration',
  flags: [
    example('a block of the application', {
      ...USE,
      blocks: `FUNCTION_BLOCK Smooth\nVAR_INPUT a : BOOL; END_VAR\nVAR_OUTPUT q : BOOL; END_VAR\nq := a;\nEND_FUNCTION_BLOCK\n${GATE('smooth1(a := S_b);\nS_q := S_a AND S_b AND smooth1.q;', 'VAR smooth1 : Smooth; END_VAR\n')}`,
    }),
  ],
  accepts: [
    example('a certified block of the library', {
      ...USE,
      blocks: GATE(
        'both(Activate := TRUE, S_ChannelA := S_a, S_ChannelB := S_b, DiscrepancyTime := T#100ms);\nS_q := both.S_EquivalentOut;',
        'VAR both : SF_Equivalent; END_VAR\n',
      ),
    }),
    example('a block that the manifest lists as certified', {
      ...USE,
      safety: '  certified: [POU:Smooth]\n',
      blocks: `FUNCTION_BLOCK Smooth\nVAR_INPUT a : BOOL; END_VAR\nVAR_OUTPUT q : BOOL; END_VAR\nq := a;\nEND_FUNCTION_BLOCK\n${GATE('smooth1(a := S_b);\nS_q := S_a AND S_b AND smooth1.q;', 'VAR smooth1 : Smooth; END_VAR\n')}`,
    }),
  ],
  check(site) {
    const isCertified = certifiedBy(site);
    const safety = new Set(declaredSafetyPous(site));
    return withSafeInterface(site).flatMap((pou): Finding[] =>
      [...pou.variables.values()].flatMap((variable) => {
        const { type } = variable;
        if (type.kind !== 'pou' || variable.site === null || isSafetyBlock(type.pou.name)) return [];
        if (STANDARD_BLOCKS.test(keyOf(type.pou.name)) || isCertified(type.pou) || safety.has(type.pou)) return [];
        return [
          findingAt(nonCertifiedBlock, site, variable.site.file, variable.site.identifier, {
            message: `${pou.name} is safety code and uses ${type.pou.name}, which is no certified block. List it under certified: when it is, or use a block of a safety library.`,
            subject: `${keyOf(pou.qualifiedName)} ${keyOf(type.pou.name)}`,
          }),
        ];
      }),
    );
  },
};

/** SB11: a block that says why, to nobody. */
export const diagnosisIgnored: StateRule = {
  kind: 'state',
  code: 'SB11',
  name: 'diag-ignored',
  severity: 'warning',
  title: 'Nobody reads what a safety block reports',
  rationale:
    'Error and DiagCode tell a stuck reset from an open guard. Without them the operator tries until it works, and a broken channel stays.',
  reference: 'PLCopen Safety part 1, 5 (Error, DiagCode)',
  decision: 'whole-program',
  flags: [
    example('neither Error nor DiagCode is read', {
      inputType: 'SAFEBOOL',
      variables: 'estop : SF_EmergencyStop;',
      body: 'estop(Activate := TRUE, S_EStopIn := EStop_OK, Reset := Reset_PB);\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND estop.S_EStopOut;',
    }),
  ],
  accepts: [
    example('the panel shows DiagCode', {
      inputType: 'SAFEBOOL',
      variables: 'estop : SF_EmergencyStop; shown : WORD;',
      body: 'estop(Activate := TRUE, S_EStopIn := EStop_OK, Reset := Reset_PB);\nshown := estop.DiagCode;\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND estop.S_EStopOut;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const seen = new Set<string>();
    return oncePerPlace(
      model.trace.calls.flatMap((call) =>
        call.instances.flatMap((instance): Finding[] => {
          if (!/^SF_/i.test(call.typeName) || seen.has(instance) || !coneTouches(model.hazardCone, instance)) return [];
          seen.add(instance);
          const isRead = ['ERROR', 'DIAGCODE'].some((pin) => model.index.readersOf(`${instance}.${pin}`).length > 0);
          const isLinked = call.call.arguments.some(
            ({ name, direction }) => direction === 'out' && name !== null && /^(ERROR|DIAGCODE)$/i.test(name.name),
          );
          if (isRead || isLinked) return [];
          return [
            findingAt(diagnosisIgnored, site, call.frame.file, call.call, {
              message: `Neither Error nor DiagCode of ${model.tagOf(instance)} (${call.typeName}) is read. Show them where somebody looks for the reason of a stop.`,
              subject: `${instance} diagnosis`,
            }),
          ];
        }),
      ),
    );
  },
};
