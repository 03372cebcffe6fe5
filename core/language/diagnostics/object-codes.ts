import type { DiagnosticDefinition } from './diagnostic.js';

function derived(base: string, own: string): string {
  return `FUNCTION_BLOCK Base\nMETHOD ${base} Run\nEND_METHOD\nEND_FUNCTION_BLOCK\nFUNCTION_BLOCK Pump EXTENDS Base\nMETHOD ${own} Run\nEND_METHOD\nEND_FUNCTION_BLOCK\n`;
}

function withMethod(head: string, method: string): string {
  return `FUNCTION_BLOCK ${head}\nVAR\n  speed : INT;\nEND_VAR\nMETHOD ${method}\nEND_METHOD\nEND_FUNCTION_BLOCK\n`;
}

/** PW2058 to PW2064 and PW2074 ff.: modifiers and members of blocks, classes and interfaces. */
export const OBJECT_CODES: readonly DiagnosticDefinition[] = [
  {
    code: 'PW2058',
    name: 'override-not-marked',
    title: 'A method overrides another one without OVERRIDE',
    explanation:
      'A method of a base has this name. IEC 61131-3, 6.6.5.5, wants OVERRIDE, so that nobody overrides by mistake.',
    severity: 'warning',
    severityIn: { codesys: 'off', twincat: 'off', siemens: 'off', rockwell: 'off' },
    bad: derived('PUBLIC', 'PUBLIC'),
    good: derived('PUBLIC', 'PUBLIC OVERRIDE'),
  },
  {
    code: 'PW2059',
    name: 'override-access',
    title: 'A method overrides another one with less access',
    explanation: 'Who may call the method of the base must be able to call this one, too.',
    severity: 'error',
    severityIn: { codesys: 'warning', twincat: 'warning' },
    bad: derived('PUBLIC', 'PROTECTED OVERRIDE'),
    good: derived('PUBLIC', 'PUBLIC OVERRIDE'),
  },
  {
    code: 'PW2060',
    name: 'abstract-member-in-block',
    title: 'An abstract method stands in a block that is not abstract',
    explanation:
      'Instances of the block would have a method without code. Make the block ABSTRACT, or write the method.',
    severity: 'error',
    bad: withMethod('Pump', 'ABSTRACT Run'),
    good: withMethod('ABSTRACT Pump', 'ABSTRACT Run'),
  },
  {
    code: 'PW2061',
    name: 'abstract-and-final',
    title: 'ABSTRACT and FINAL at once',
    explanation: 'What is ABSTRACT needs somebody who extends or overrides it, and FINAL forbids just that.',
    severity: 'error',
    bad: withMethod('ABSTRACT FINAL Pump', 'Run'),
    good: withMethod('ABSTRACT Pump', 'Run'),
  },
  {
    code: 'PW2062',
    name: 'abstract-with-code',
    title: 'An abstract method has code',
    explanation: 'The code never runs: the method that overrides it does.',
    severity: 'warning',
    bad: withMethod('ABSTRACT Pump', 'ABSTRACT Run\n  speed := 5;'),
    good: withMethod('ABSTRACT Pump', 'Run\n  speed := 5;'),
  },
  {
    code: 'PW2063',
    name: 'repeated-interface',
    title: 'An interface is named twice',
    explanation: 'IMPLEMENTS and EXTENDS name each interface once.',
    severity: 'warning',
    bad: 'INTERFACE IPump\nEND_INTERFACE\nFUNCTION_BLOCK Pump IMPLEMENTS IPump, IPump\nEND_FUNCTION_BLOCK\n',
    good: 'INTERFACE IPump\nEND_INTERFACE\nFUNCTION_BLOCK Pump IMPLEMENTS IPump\nEND_FUNCTION_BLOCK\n',
  },
  {
    code: 'PW2064',
    name: 'hidden-interface-member',
    title: 'A method of an interface is not public',
    explanation: 'Everybody who has the interface calls its methods, so PRIVATE and PROTECTED make no sense here.',
    severity: 'error',
    bad: 'INTERFACE IPump\nMETHOD PRIVATE Start\nEND_METHOD\nEND_INTERFACE\n',
    good: 'INTERFACE IPump\nMETHOD Start\nEND_METHOD\nEND_INTERFACE\n',
  },
  {
    code: 'PW2074',
    name: 'hides-member',
    title: 'A variable of a method hides one of its block',
    explanation:
      'Inside of the method the variable of the block can not be reached by its bare name, and is easily mistaken.',
    severity: 'info',
    bad: withMethod('Pump', 'Run\nVAR\n  speed : INT;\nEND_VAR\n  speed := 5;'),
    good: withMethod('Pump', 'Run\nVAR\n  limit : INT;\nEND_VAR\n  limit := 5;\n  speed := limit;'),
  },
  {
    code: 'PW2075',
    name: 'property-without-accessor',
    title: 'A property has neither GET nor SET',
    explanation: 'It can neither be read nor written.',
    severity: 'warning',
    dialect: 'codesys',
    bad: 'FUNCTION_BLOCK Pump\nPROPERTY Speed : INT\nEND_PROPERTY\nEND_FUNCTION_BLOCK\n',
    good: 'FUNCTION_BLOCK Pump\nPROPERTY Speed : INT\nGET\n  Speed := 5;\nEND_GET\nEND_PROPERTY\nEND_FUNCTION_BLOCK\n',
  },
];
