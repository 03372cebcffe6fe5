import type { DiagnosticDefinition } from './diagnostic.js';

function chart(first: string, rest: string): string {
  return `PROGRAM Main\nVAR\n  go : BOOL;\nEND_VAR\n${first} Start:\nEND_STEP\n${rest}TRANSITION FROM Start TO Run\n  := go;\nEND_TRANSITION\nEND_PROGRAM\n`;
}

function task(properties: string): string {
  return `PROGRAM Main\nEND_PROGRAM\nCONFIGURATION Plant\nRESOURCE Cpu ON PLC\nTASK Fast(${properties});\nPROGRAM P1 WITH Fast : Main;\nEND_RESOURCE\nEND_CONFIGURATION\n`;
}

const RUN = 'STEP Run:\nEND_STEP\n';

/** PW2052 and PW2070 to PW2073: tasks, and steps of sequential function charts. */
export const CHART_CODES: readonly DiagnosticDefinition[] = [
  {
    code: 'PW2052',
    name: 'task-without-trigger',
    title: 'A task has neither INTERVAL nor SINGLE',
    explanation: 'Nothing starts the task in a given rhythm; what the controller makes of it depends on its maker.',
    severity: 'warning',
    severityIn: { codesys: 'info', twincat: 'info' },
    bad: task('PRIORITY := 1'),
    good: task('INTERVAL := T#10ms, PRIORITY := 1'),
  },
  {
    code: 'PW2056',
    name: 'task-property-type',
    title: 'A property of a task has the wrong type',
    explanation:
      'INTERVAL is a TIME, SINGLE a BOOL whose rising edge starts the task, PRIORITY a whole number (IEC 61131-3, 6.8.2).',
    severity: 'error',
    bad: task('SINGLE := 5, PRIORITY := 1'),
    good: task('INTERVAL := T#10ms, PRIORITY := 1'),
  },
  {
    code: 'PW2070',
    name: 'initial-step',
    title: 'A chart has no initial step, or several',
    explanation: 'A chart starts in exactly one step (IEC 61131-3, 6.7.2).',
    severity: 'error',
    bad: chart('STEP', RUN),
    good: chart('INITIAL_STEP', RUN),
  },
  {
    code: 'PW2071',
    name: 'duplicate-step',
    title: 'A step is declared twice',
    explanation: 'Steps of one chart have different names.',
    severity: 'error',
    bad: chart('INITIAL_STEP', RUN + RUN),
    good: chart('INITIAL_STEP', RUN),
  },
  {
    code: 'PW2072',
    name: 'unreachable-step',
    title: 'No transition leads to a step',
    explanation: 'The step never becomes active. A transition is missing, or the step is left over.',
    severity: 'warning',
    bad: chart('INITIAL_STEP', `${RUN}STEP Hold:\nEND_STEP\n`),
    good: chart(
      'INITIAL_STEP',
      `${RUN}STEP Hold:\nEND_STEP\nTRANSITION FROM Run TO Hold\n  := NOT go;\nEND_TRANSITION\n`,
    ),
  },
];
