import { body, type DiagnosticDefinition } from './diagnostic.js';

function external(global: string, own: string): string {
  return `VAR_GLOBAL${global}\n  lineSpeed : INT := 5;\nEND_VAR\nPROGRAM Main\nVAR_EXTERNAL${own};\nEND_VAR\nEND_PROGRAM\n`;
}

/** PW2050 to PW2069: what a VAR section or a type may say. */
export const SECTION_CODES: readonly DiagnosticDefinition[] = [
  {
    code: 'PW2050',
    name: 'external-not-constant',
    title: 'VAR_EXTERNAL of a constant is not CONSTANT',
    explanation: 'A global constant stays one where it is named by VAR_EXTERNAL (IEC 61131-3, 6.5.2.2). Add CONSTANT.',
    severity: 'error',
    severityIn: { codesys: 'warning', twincat: 'warning' },
    bad: external(' CONSTANT', '\n  lineSpeed : INT'),
    good: external(' CONSTANT', ' CONSTANT\n  lineSpeed : INT'),
  },
  {
    code: 'PW2051',
    name: 'external-initialised',
    title: 'A VAR_EXTERNAL has an initial value',
    explanation: 'The initial value stands where the variable is declared, in VAR_GLOBAL.',
    severity: 'error',
    severityIn: { codesys: 'warning', twincat: 'warning' },
    bad: external('', '\n  lineSpeed : INT := 7'),
    good: external('', '\n  lineSpeed : INT'),
  },
  {
    code: 'PW2053',
    name: 'retention-not-possible',
    title: 'RETAIN where nothing can be kept',
    explanation:
      'Temporary variables end with the call, and VAR_IN_OUT and VAR_EXTERNAL belong to somebody else. RETAIN goes to the declaration of the variable.',
    severity: 'error',
    severityIn: { codesys: 'warning', twincat: 'warning', siemens: 'warning' },
    bad: 'PROGRAM Main\nVAR_TEMP RETAIN\n  count : INT;\nEND_VAR\nEND_PROGRAM\n',
    good: 'PROGRAM Main\nVAR RETAIN\n  count : INT;\nEND_VAR\nEND_PROGRAM\n',
  },
  {
    code: 'PW2054',
    name: 'address-not-possible',
    title: 'A variable that lives for one call only has an address',
    explanation:
      'Variables of functions and methods, VAR_TEMP and VAR_IN_OUT have no fixed place. Declare the address in a program or as a global variable.',
    severity: 'error',
    severityIn: { codesys: 'warning', twincat: 'warning', siemens: 'warning' },
    bad: 'FUNCTION Level : INT\nVAR\n  raw AT %IW0 : INT;\nEND_VAR\nLevel := raw;\nEND_FUNCTION\n',
    good: 'FUNCTION Level : INT\nVAR_INPUT\n  raw : INT;\nEND_VAR\nLevel := raw;\nEND_FUNCTION\n',
  },
  {
    code: 'PW2055',
    name: 'edge-of-number',
    title: 'An edge is asked of something that is not BOOL',
    explanation: 'R_EDGE and F_EDGE see a BOOL change (IEC 61131-3, 6.6.3.4.3).',
    severity: 'error',
    bad: 'FUNCTION_BLOCK Pump\nVAR_INPUT\n  start : INT R_EDGE;\nEND_VAR\nEND_FUNCTION_BLOCK\n',
    good: 'FUNCTION_BLOCK Pump\nVAR_INPUT\n  start : BOOL R_EDGE;\nEND_VAR\nEND_FUNCTION_BLOCK\n',
  },
  {
    code: 'PW2057',
    name: 'open-array-not-possible',
    title: 'An array without bounds that is no parameter',
    explanation:
      'ARRAY[*] takes its bounds from the array of the caller, so only parameters can be declared like this (IEC 61131-3, 6.5.3).',
    severity: 'error',
    bad: body('', 'a : ARRAY[*] OF INT;'),
    good: 'FUNCTION_BLOCK Sum\nVAR_IN_OUT\n  a : ARRAY[*] OF INT;\nEND_VAR\nEND_FUNCTION_BLOCK\n',
  },
  {
    code: 'PW2065',
    name: 'equal-enum-values',
    title: 'Two values of an enumeration have one number',
    explanation: 'The two names can not be told apart when the program runs.',
    severity: 'info',
    bad: 'TYPE Mode : (Idle := 1, Auto := 1);\nEND_TYPE\n',
    good: 'TYPE Mode : (Idle := 1, Auto := 2);\nEND_TYPE\n',
  },
  {
    code: 'PW2066',
    name: 'enum-value-range',
    title: 'A value of an enumeration does not fit its base type',
    explanation: 'The number lies outside of the range of the base type. Take a wider one.',
    severity: 'error',
    bad: 'TYPE Mode : SINT (Idle := 0, Auto := 1000);\nEND_TYPE\n',
    good: 'TYPE Mode : INT (Idle := 0, Auto := 1000);\nEND_TYPE\n',
  },
  {
    code: 'PW2067',
    name: 'enum-base',
    title: 'The base of an enumeration is no whole number',
    explanation: 'The values of an enumeration are counted by an integer type.',
    severity: 'error',
    bad: 'TYPE Mode : REAL (Idle := 0, Auto := 1);\nEND_TYPE\n',
    good: 'TYPE Mode : INT (Idle := 0, Auto := 1);\nEND_TYPE\n',
  },
  {
    code: 'PW2068',
    name: 'subrange-base',
    title: 'A subrange of something that is no whole number',
    explanation: 'A subrange has an integer type (IEC 61131-3, 6.4.4.4).',
    severity: 'error',
    bad: 'TYPE Percent : REAL (0..100);\nEND_TYPE\n',
    good: 'TYPE Percent : INT (0..100);\nEND_TYPE\n',
  },
  {
    code: 'PW2069',
    name: 'string-length',
    title: 'The length of a string is not above zero',
    explanation: 'A string holds at least one character.',
    severity: 'error',
    bad: body('', 's : STRING[0];'),
    good: body('', 's : STRING[20];'),
  },
];
