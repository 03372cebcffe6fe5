import { body, type DiagnosticDefinition } from './diagnostic.js';

const HALF = (code: string): string => `FUNCTION Half : INT\nVAR_INPUT\n  v : INT;\nEND_VAR\n${code}\nEND_FUNCTION\n`;
const SPLIT = (code: string): string =>
  `FUNCTION Split : INT\nVAR_INPUT\n  v : INT;\nEND_VAR\nVAR_OUTPUT\n  rest : INT;\nEND_VAR\nSplit := v / 2;\n${code}\nEND_FUNCTION\n`;
const BLOCK = (code: string): string =>
  `FUNCTION_BLOCK "F"\nVAR\n  x : Int;\nEND_VAR\nVAR_TEMP\n  t : Int;\nEND_VAR\nBEGIN\n${code}\nEND_FUNCTION_BLOCK\n`;
const MODE = 'TYPE Mode : (Idle, Auto, Manual);\nEND_TYPE';

/** PW4018 and up: values on the ways through a body. */
export const VALUE_FLOW_CODES: readonly DiagnosticDefinition[] = [
  {
    code: 'PW4018',
    name: 'result-on-some-ways',
    title: 'A function has no result on some ways through it',
    explanation:
      'When the body ends on such a way, the result is its initial value, or on some controllers whatever was there before. Assign it at the start, or on every way.',
    severity: 'warning',
    severityIn: { codesys: 'info', twincat: 'info' },
    bad: HALF('IF v > 0 THEN\n  Half := v / 2;\nEND_IF;'),
    good: HALF('Half := 0;\nIF v > 0 THEN\n  Half := v / 2;\nEND_IF;'),
  },
  {
    code: 'PW4019',
    name: 'temporary-read-first',
    title: 'A temporary variable is read before it is written',
    explanation:
      'No way to this place writes the variable. It has its initial value here, and on controllers that do not clear temporary memory, whatever was there before.',
    severity: 'info',
    severityIn: { siemens: 'warning' },
    bad: 'PROGRAM Main\nVAR_TEMP\n  t : INT;\nEND_VAR\nVAR\n  x : INT;\nEND_VAR\nx := t;\nt := 1;\nEND_PROGRAM\n',
    good: 'PROGRAM Main\nVAR_TEMP\n  t : INT;\nEND_VAR\nVAR\n  x : INT;\nEND_VAR\nt := 1;\nx := t;\nEND_PROGRAM\n',
  },
  {
    code: 'PW4020',
    name: 'temporary-not-always-written',
    title: 'A temporary variable may be read before it is written',
    explanation:
      'On some way to this place nothing writes the variable, and temporary memory of this controller is not cleared: any value may be there.',
    severity: 'warning',
    severityIn: { iec: 'off', codesys: 'off', twincat: 'off', rockwell: 'off' },
    dialect: 'siemens',
    bad: BLOCK('  IF #x > 1 THEN\n    #t := 1;\n  END_IF;\n  #x := #t;'),
    good: BLOCK('  #t := 0;\n  IF #x > 1 THEN\n    #t := 1;\n  END_IF;\n  #x := #t;'),
  },
  {
    code: 'PW4021',
    name: 'output-on-some-ways',
    title: 'An output of a function is not written on every way',
    explanation:
      'A function keeps nothing between calls, so on such a way its caller gets an initial value, or what was there before.',
    severity: 'warning',
    severityIn: { codesys: 'info', twincat: 'info' },
    bad: SPLIT('IF v > 0 THEN\n  rest := v MOD 2;\nEND_IF;'),
    good: SPLIT('rest := v MOD 2;'),
  },
  {
    code: 'PW4022',
    name: 'duplicate-jump-label',
    title: 'A label of a jump stands twice',
    explanation: 'A jump needs one place to go to.',
    severity: 'error',
    dialect: 'siemens',
    bad: BLOCK('  IF #x > 1 THEN\n    GOTO done;\n  END_IF;\n  done: #x := 2;\n  done: #x := 3;'),
    good: BLOCK('  IF #x > 1 THEN\n    GOTO done;\n  END_IF;\n  #x := 2;\n  done: #x := 3;'),
  },
  {
    code: 'PW4023',
    name: 'enum-value-without-branch',
    title: 'CASE has no branch for a value of the enumeration',
    explanation: 'For such a value nothing runs. Add a branch, or ELSE to show that this is meant.',
    severity: 'info',
    bad: body('CASE m OF\n  Mode#Idle: x := 1;\n  Mode#Auto: x := 2;\nEND_CASE;', 'x : INT;\n  m : Mode;', MODE),
    good: body(
      'CASE m OF\n  Mode#Idle: x := 1;\n  Mode#Auto: x := 2;\n  Mode#Manual: x := 3;\nEND_CASE;',
      'x : INT;\n  m : Mode;',
      MODE,
    ),
  },
  {
    code: 'PW4024',
    name: 'unused-jump-label',
    title: 'No jump leads to a label',
    explanation: 'The label is left over, or a jump is missing.',
    severity: 'info',
    dialect: 'siemens',
    bad: BLOCK('  #x := 1;\n  done: #x := 2;'),
    good: BLOCK('  IF #x > 1 THEN\n    GOTO done;\n  END_IF;\n  #x := 1;\n  done: #x := 2;'),
  },
  {
    code: 'PW4025',
    name: 'endless-loop',
    title: 'A loop never ends',
    explanation: 'Nothing leaves the loop, so the scan never ends and the watchdog stops the controller.',
    severity: 'warning',
    bad: body('WHILE TRUE DO\n  x := x + 1;\nEND_WHILE;'),
    good: body('WHILE TRUE DO\n  x := x + 1;\n  IF x > 10 THEN\n    EXIT;\n  END_IF;\nEND_WHILE;'),
  },
  {
    code: 'PW4026',
    name: 'count-never-ends',
    title: 'A FOR loop counts to the end of its type',
    explanation:
      'After the last value the variable starts again from the smallest one instead of passing the end, so the loop never ends. Take a wider type.',
    severity: 'warning',
    bad: body('FOR i := 0 TO 255 DO\n  x := x + 1;\nEND_FOR;', 'x : INT;\n  i : USINT;'),
    good: body('FOR i := 0 TO 255 DO\n  x := x + 1;\nEND_FOR;', 'x : INT;\n  i : UINT;'),
  },
  {
    code: 'PW4027',
    name: 'loop-condition-constant',
    title: 'The condition of a loop makes no loop of it',
    explanation: 'WHILE FALSE never runs and REPEAT … UNTIL TRUE runs once.',
    severity: 'warning',
    bad: body('REPEAT\n  x := x + 1;\nUNTIL TRUE\nEND_REPEAT;'),
    good: body('REPEAT\n  x := x + 1;\nUNTIL x > 10\nEND_REPEAT;'),
  },
];
