import type { Finding } from '../../base/finding.js';
import { compareText } from '../../base/finding.js';
import { atomsOf, type Formula } from '../boolean/formula.js';
import { coneTouches } from '../dataflow/cone.js';
import type { Location } from '../dataflow/location.js';
import { conditionsAround } from '../dataflow/trace.js';
import { rootNodes, type TreeNode } from '../program-tree.js';
import { wordsOf } from '../role-names.js';
import type { StateRule } from '../rule.js';
import { findingAt, type SafetyModel, safetyModelOf } from '../safety-model.js';
import { example } from './example-machine.js';

/** Words for the two ends of one movement. */
const ENDS: readonly (readonly [string, string])[] = [
  ['open', 'closed'],
  ['opened', 'closed'],
  ['extended', 'retracted'],
  ['up', 'down'],
  ['top', 'bottom'],
  ['left', 'right'],
  ['forward', 'back'],
  ['advanced', 'returned'],
  ['auf', 'zu'],
  ['offen', 'geschlossen'],
  ['oben', 'unten'],
  ['vorne', 'hinten'],
  ['ausgefahren', 'eingefahren'],
  ['ouvert', 'ferme'],
  ['haut', 'bas'],
  ['abierto', 'cerrado'],
  ['arriba', 'abajo'],
  ['aperto', 'chiuso'],
  ['alto', 'basso'],
  ['uitgestuurd', 'ingestuurd'],
];

/** IL12: a cylinder in two places at once. */
export const pairedPlausibility: StateRule = {
  kind: 'state',
  code: 'IL12',
  name: 'paired-plausibility',
  severity: 'warning',
  title: 'Two end positions of one movement may both be seen and nobody notices',
  rationale:
    'A part can\u2019t be at both ends. When both switches report, one of them is broken, and the sequence moves on from a position that it does not have.',
  reference: 'Top 20 Secure PLC Coding Practices, 7 (paired inputs) and 11',
  decision: 'dataflow',
  flags: [
    example('each end is used, both together are not looked for', {
      variables: 'Cyl_Extended AT %IX1.0 : BOOL; Cyl_Retracted AT %IX1.1 : BOOL;',
      body: 'Motor := (Start_PB AND Cyl_Retracted OR Motor AND NOT Cyl_Extended) AND EStop_OK AND Guard_Closed;',
    }),
  ],
  accepts: [
    example('both together are a fault', {
      variables: 'Cyl_Extended AT %IX1.0 : BOOL; Cyl_Retracted AT %IX1.1 : BOOL; bad : BOOL;',
      body: 'bad := Cyl_Extended AND Cyl_Retracted;\nMotor := (Start_PB AND Cyl_Retracted OR Motor AND NOT Cyl_Extended) AND EStop_OK AND Guard_Closed AND NOT bad;',
    }),
    example('one end only', {
      variables: 'Cyl_Extended AT %IX1.0 : BOOL;',
      body: 'Motor := (Start_PB OR Motor AND NOT Cyl_Extended) AND EStop_OK AND Guard_Closed;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const pairs = endPairs(model);
    if (pairs.length === 0) return [];
    const together = conjunctionsOf(model);
    return pairs.flatMap(([first, second]): Finding[] => {
      const isWatched = together.some((group) => group.has(first.location) && group.has(second.location));
      if (isWatched || first.symbol?.site == null) return [];
      return [
        findingAt(pairedPlausibility, site, first.symbol.site.file, first.symbol.site.identifier, {
          message: `${first.tag} and ${second.tag} are two ends of one movement, and nothing looks whether both report at once. Treat that as a fault that stops.`,
          subject: [first.location, second.location].sort(compareText).join(' '),
        }),
      ];
    });
  },
};

function endPairs(model: SafetyModel): [TreeNode, TreeNode][] {
  const inputs = rootNodes(model.site.project).filter(
    ({ location, type, symbol }) =>
      type.kind === 'elementary' &&
      type.name === 'BOOL' &&
      /^%I/i.test(symbol?.location?.text ?? '') &&
      coneTouches(model.hazardCone, location) &&
      model.signalsAt(location).every(({ role }) => role !== 'two_hand'),
  );
  const byStem = new Map<string, TreeNode>();
  for (const node of inputs) {
    const words = wordsOf(node.symbol?.name ?? '');
    for (const word of new Set(words)) byStem.set(`${words.filter((other) => other !== word).join(' ')}|${word}`, node);
  }
  const pairs: [TreeNode, TreeNode][] = [];
  for (const [key, node] of byStem) {
    const [stem = '', word = ''] = key.split('|');
    if (stem === '') continue;
    for (const [one, other] of ENDS) {
      const twin = word === one ? byStem.get(`${stem}|${other}`) : undefined;
      if (twin !== undefined && twin !== node) pairs.push([node, twin]);
    }
  }
  return pairs;
}

/** Groups of locations that some AND, some OR of negations, or nested conditions look at together. */
function conjunctionsOf(model: SafetyModel): ReadonlySet<Location>[] {
  const groups: ReadonlySet<Location>[] = [];
  const add = (formula: Formula): void => {
    if (formula.kind === 'not') add(formula.operand);
    if (formula.kind !== 'and' && formula.kind !== 'or') return;
    for (const operand of formula.operands) add(operand);
    for (const sense of [true, false]) {
      const same = formula.operands.flatMap((operand) =>
        atomsOf(operand).flatMap(({ atom, isPositive }) =>
          atom.location !== null && isPositive === sense && (operand.kind === 'atom' || operand.kind === 'not')
            ? [atom.location]
            : [],
        ),
      );
      if (same.length > 1) groups.push(new Set(same));
    }
  };
  for (const event of model.trace.writes) {
    if (event.value !== null) add(model.formulaOf(event.value, event.frame));
    const around = new Set<Location>();
    for (const condition of conditionsAround(event)) {
      if (condition.expression === null) continue;
      const formula = model.formulaOf(condition.expression, condition.frame);
      add(formula);
      if (condition.holds && formula.kind === 'atom' && formula.location !== null) around.add(formula.location);
    }
    if (around.size > 1) groups.push(around);
  }
  return groups;
}
