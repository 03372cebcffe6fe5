import type { Finding } from '../../base/finding.js';
import { keyOf, type MethodSymbol, type PouSymbol } from '../../language/semantics/symbols.js';
import type { Expression, SourceFile, Statement, StatementList } from '../../language/syntax/tree.js';
import type { Site } from '../../site/site.js';
import { conditionsAround } from '../dataflow/trace.js';
import {
  codeUnitsOf,
  forEachExpression,
  forEachExpressionIn,
  forEachStatement,
  statementListsOf,
} from '../dataflow/visit.js';
import type { StateRule } from '../rule.js';
import { findingAt, safetyModelOf } from '../safety-model.js';
import { pouOf } from '../safety-pous.js';
import { example } from './example-machine.js';
import { excerpt, oncePerPlace } from './rule-text.js';

/** DP11: the scan that never ends. */
export const nonTerminating: StateRule = {
  kind: 'state',
  code: 'DP11',
  name: 'non-terminating',
  severity: 'error',
  title: 'A loop of safety logic may not come to its end',
  rationale:
    'A loop that waits for an input never sees it: inputs are read between scans. The watchdog stops the controller, or the outputs keep their values.',
  reference: 'PLCopen Coding Guidelines L22; CODESYS SA0072; CWE-835; IEC 61508-3:2010, table B.1',
  decision: 'dataflow',
  flags: [
    example('waits for an input', {
      body: 'WHILE NOT Guard_Closed DO\n  Motor := FALSE;\nEND_WHILE\nMotor := Start_PB AND EStop_OK AND Guard_Closed;',
    }),
    example('the count is set back inside of the loop', {
      variables: 'i : INT; ok : BOOL; doors : ARRAY[1..4] OF BOOL;',
      body: 'ok := TRUE;\nFOR i := 1 TO 4 DO\n  IF NOT doors[i] THEN ok := FALSE; i := 1; END_IF\nEND_FOR\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND ok;',
    }),
  ],
  accepts: [
    example('counts to a bound', {
      variables: 'i : INT; ok : BOOL; doors : ARRAY[1..4] OF BOOL;',
      body: 'ok := TRUE;\ni := 1;\nWHILE i <= 4 DO\n  IF NOT doors[i] THEN ok := FALSE; END_IF\n  i := i + 1;\nEND_WHILE\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND ok;',
    }),
    example('a loop for a text', {
      variables: 'n : INT; lamp AT %IX3.0 : BOOL;',
      blocks:
        'FUNCTION Pad : INT\nVAR_INPUT n : INT; END_VAR\nPad := n;\nWHILE Pad < 10 DO Pad := Pad + 1; END_WHILE\nEND_FUNCTION',
      body: 'n := Pad(n := n);\nMotor := Start_PB AND EStop_OK AND Guard_Closed;',
    }),
  ],
  check(site) {
    const safety = codeOfHazards(site);
    return oncePerPlace(
      [...safety].flatMap((pou) =>
        bodiesOf(site, pou).flatMap(({ file, list }): Finding[] => {
          const found: Finding[] = [];
          forEachStatement(list, (statement) => {
            const why = endlessReason(statement, file);
            if (why === null) return;
            found.push(
              findingAt(nonTerminating, site, file, headOf(statement), {
                message: `${why} Count up to a bound, and leave the rest to the next scan.`,
                subject: `${keyOf(pou.qualifiedName)} loop ${statement.kind}`,
              }),
            );
          });
          return found;
        }),
      ),
    );
  },
};

function headOf(statement: Statement): { start: number; end: number } {
  if (statement.kind === 'While') return statement.condition;
  if (statement.kind === 'Repeat') return statement.until;
  return statement.kind === 'For' ? statement.variable : statement;
}

/** Why a loop may run for ever; null when it has a variable that moves towards its end. */
function endlessReason(statement: Statement, file: SourceFile): string | null {
  if (statement.kind === 'For') {
    const counter = textOf(statement.variable, file);
    return writesTo(statement.body, counter, file) ? `The loop writes its own counter ${counter}.` : null;
  }
  if (statement.kind !== 'While' && statement.kind !== 'Repeat') return null;
  const condition = statement.kind === 'While' ? statement.condition : statement.until;
  const counters = new Set<string>();
  forEachExpression(condition, (part) => {
    if (part.kind === 'Name' || part.kind === 'Member' || part.kind === 'Index') counters.add(textOf(part, file));
  });
  const moves = [...counters].some((counter) => writesTo(statement.body, counter, file));
  let leaves = false;
  forEachStatement(statement.body, (inner) => {
    if (inner.kind === 'Exit' || inner.kind === 'Return') leaves = true;
  });
  return moves || leaves ? null : `Nothing in the loop changes "${excerpt(textOf(condition, file))}".`;
}

function textOf(expression: Expression, file: SourceFile): string {
  return keyOf(file.text.slice(expression.start, expression.end).replace(/\s+/g, ''));
}

function writesTo(list: StatementList, name: string, file: SourceFile): boolean {
  let isWritten = false;
  forEachStatement(list, (statement) => {
    if (statement.kind === 'Assignment' && textOf(statement.target, file) === name) isWritten = true;
    if (statement.kind === 'For' && textOf(statement.variable, file) === name) isWritten = true;
    if (statement.kind !== 'CallStatement' || statement.expression.kind !== 'Call') return;
    for (const { value } of statement.expression.arguments)
      if (value !== null && textOf(value, file) === name) isWritten = true;
  });
  return isWritten;
}

/** DP13: a block that calls itself. */
export const callCycle: StateRule = {
  kind: 'state',
  code: 'DP13',
  name: 'call-cycle',
  severity: 'error',
  title: 'Safety logic calls itself',
  rationale:
    'How deep a recursion goes depends on data. A controller has no room for that, and nothing that is said about one scan holds for it.',
  reference: 'PLCopen Coding Guidelines CP13; IEC 61508-3:2010, table B.1; CODESYS SA0160',
  decision: 'whole-program',
  flags: [
    example('a function that calls itself', {
      blocks:
        'FUNCTION Doors : BOOL\nVAR_INPUT n : INT; END_VAR\nIF n > 0 THEN Doors := Doors(n := n - 1); ELSE Doors := Main.Guard_Closed; END_IF\nEND_FUNCTION',
      body: 'Motor := Start_PB AND EStop_OK AND Guard_Closed AND Doors(n := 3);',
    }),
  ],
  accepts: [
    example('a function that calls another one', {
      blocks:
        'FUNCTION Door : BOOL\nVAR_INPUT closed : BOOL; END_VAR\nDoor := closed;\nEND_FUNCTION\nFUNCTION Doors : BOOL\nVAR_INPUT a : BOOL; b : BOOL; END_VAR\nDoors := Door(closed := a) AND Door(closed := b);\nEND_FUNCTION',
      body: 'Motor := Start_PB AND EStop_OK AND Doors(a := Guard_Closed, b := Guard_Closed);',
    }),
  ],
  check(site) {
    const safety = codeOfHazards(site);
    const calls = new Map<PouSymbol, ReadonlySet<PouSymbol>>();
    for (const pou of site.project.pous) calls.set(pou, calledBy(site, pou));
    return [...safety].flatMap((pou) => {
      const { declaration } = pou;
      const file = pou.site?.file;
      if (declaration === null || file === undefined || !reachesItself(pou, calls)) return [];
      return [
        findingAt(callCycle, site, file, declaration.name, {
          message: `${pou.name} calls itself, directly or through others, and a hazard depends on it. Use a loop with a bound.`,
          subject: `${keyOf(pou.qualifiedName)} recursion`,
        }),
      ];
    });
  },
};

function calledBy(site: Site, pou: PouSymbol): ReadonlySet<PouSymbol> {
  const called = new Set<PouSymbol>();
  for (const { list } of bodiesOf(site, pou)) {
    forEachExpressionIn(list, (expression) => {
      if (expression.kind !== 'Call') return;
      const target = site.project.model.callOf(expression)?.target ?? null;
      const callee = target === null ? null : pouOf(target);
      // A block that calls its own method stays within itself; only the body calling itself is a circle.
      if (callee !== null && !(callee === pou && target?.kind !== 'pou')) called.add(callee);
    });
  }
  return called;
}

function reachesItself(start: PouSymbol, calls: ReadonlyMap<PouSymbol, ReadonlySet<PouSymbol>>): boolean {
  const seen = new Set<PouSymbol>();
  const queue = [...(calls.get(start) ?? [])];
  for (let pou = queue.pop(); pou !== undefined; pou = queue.pop()) {
    if (pou === start) return true;
    if (seen.has(pou)) continue;
    seen.add(pou);
    queue.push(...(calls.get(pou) ?? []));
  }
  return false;
}

/** IL23: a call that may be left out. */
export const callInCondition: StateRule = {
  kind: 'state',
  code: 'IL23',
  name: 'call-in-condition',
  severity: 'error',
  title: 'A call with a memory stands inside of AND or OR',
  rationale:
    'Whether the right side of AND is evaluated when the left side is FALSE differs between controllers. A watch that counts or latches inside of such an expression sometimes does not run.',
  reference: 'IEC 61131-3:2013, 7.3.2 (extent of evaluation is implementer-specific); PLCopen Coding Guidelines L15',
  decision: 'dataflow',
  flags: [
    example('a method that latches', {
      blocks:
        'FUNCTION_BLOCK Watch\nVAR tripped : BOOL; END_VAR\nMETHOD Check : BOOL\nVAR_INPUT closed : BOOL; END_VAR\nIF NOT closed THEN tripped := TRUE; END_IF\nCheck := NOT tripped;\nEND_METHOD\nEND_FUNCTION_BLOCK',
      variables: 'watch1 : Watch;',
      body: 'Motor := Start_PB AND watch1.Check(closed := Guard_Closed) AND EStop_OK AND Guard_Closed;',
    }),
  ],
  accepts: [
    example('a function without memory', {
      blocks: 'FUNCTION Both : BOOL\nVAR_INPUT a : BOOL; b : BOOL; END_VAR\nBoth := a AND b;\nEND_FUNCTION',
      body: 'Motor := Start_PB AND Both(a := Guard_Closed, b := EStop_OK);',
    }),
    example('called in a statement of its own', {
      blocks:
        'FUNCTION_BLOCK Watch\nVAR tripped : BOOL; END_VAR\nMETHOD Check : BOOL\nVAR_INPUT closed : BOOL; END_VAR\nIF NOT closed THEN tripped := TRUE; END_IF\nCheck := NOT tripped;\nEND_METHOD\nEND_FUNCTION_BLOCK',
      variables: 'watch1 : Watch; ok : BOOL;',
      body: 'ok := watch1.Check(closed := Guard_Closed);\nMotor := Start_PB AND ok AND EStop_OK AND Guard_Closed;',
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
        if (part.kind !== 'Binary' || !/^(AND|OR|AND_THEN|OR_ELSE)$/.test(part.operator)) return;
        for (const call of callsIn(part.right)) {
          const called = site.project.model.callOf(call)?.target ?? null;
          if (called === null || called.kind === 'action' || !hasMemory(site, called)) continue;
          findings.push(
            findingAt(callInCondition, site, file, call, {
              message: `${called.name} remembers something and is called inside of ${part.operator}: some controllers leave the call out when the left side decides. Call it in a statement of its own.`,
              subject: `${target.replace(/#\d+/g, '')} ${keyOf(called.qualifiedName)}`,
            }),
          );
        }
      });
    };
    for (const event of model.hazardCone.events) {
      look(event.value, event.frame.file, event.target);
      for (const condition of conditionsAround(event)) look(condition.expression, condition.frame.file, event.target);
    }
    return oncePerPlace(findings);
  },
};

function callsIn(expression: Expression): (Expression & { kind: 'Call' })[] {
  const calls: (Expression & { kind: 'Call' })[] = [];
  forEachExpression(expression, (part) => {
    if (part.kind === 'Call') calls.push(part);
  });
  return calls;
}

/** True when a call leaves something behind: it writes what is not its own local variable. */
function hasMemory(site: Site, target: PouSymbol | MethodSymbol): boolean {
  const { declaration } = target;
  if (declaration === null || (target.kind === 'pou' && target.isLibrary)) return false;
  let remembers = [...target.variables.values()].some(({ scope }) => scope === 'in-out');
  for (const list of statementListsOf(declaration.body)) {
    forEachStatement(list, (statement) => {
      if (statement.kind === 'CallStatement') remembers = true;
      if (statement.kind !== 'Assignment') return;
      const symbol = site.project.model.symbolOf(rootOf(statement.target));
      if (symbol?.kind === 'variable' && symbol.owner !== target) remembers = true;
    });
  }
  return remembers;
}

function rootOf(expression: Expression): Expression {
  if (
    expression.kind === 'Member' ||
    expression.kind === 'Index' ||
    expression.kind === 'Dereference' ||
    expression.kind === 'Partial'
  )
    return rootOf(expression.object);
  return expression.kind === 'Parenthesized' ? rootOf(expression.expression) : expression;
}

/** POUs whose code computes something that a hazard depends on. */
export function codeOfHazards(site: Site): ReadonlySet<PouSymbol> {
  const pous = new Set<PouSymbol>();
  for (const event of safetyModelOf(site).hazardCone.events) {
    const pou = pouOf(event.frame.owner);
    if (pou !== null && !pou.isLibrary) pous.add(pou);
  }
  return pous;
}

/** The statement lists of a POU, with those of its methods, actions and accessors. */
export function bodiesOf(site: Site, pou: PouSymbol): { file: SourceFile; list: StatementList }[] {
  const file = pou.site?.file;
  if (file === undefined || site.libraryPaths.has(file.path)) return [];
  const name = keyOf(pou.name);
  return codeUnitsOf(file)
    .filter((unit) => keyOf(unit.name).split('.').includes(name))
    .flatMap((unit) => statementListsOf(unit.body).map((list) => ({ file, list })));
}
