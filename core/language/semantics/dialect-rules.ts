/** What the checker must know of a dialect, as data. The grammar side of a dialect lives in `dialects/`. */

import type { DialectId } from '../dialects/dialect-id.js';

export interface DialectRules {
  /** Library tables that are visible, in order of search. */
  readonly libraries: readonly LibraryId[];
  /** BYTE … LWORD compute and convert like unsigned integers (CODESYS family, SCL without IEC check, Logix). */
  readonly bitsAreNumbers: boolean;
  /** An integer may be assigned to an enum and back without a conversion. */
  readonly enumsAreIntegers: boolean;
  /** A based literal may fill a signed type as a bit pattern: `INT := 16#FFFF`. */
  readonly basedLiteralsAreBitPatterns: boolean;
  /** A number is TRUE where it is not 0 (Logix). */
  readonly numbersAreConditions: boolean;
  /** Pointers compute like unsigned integers. */
  readonly pointersAreNumbers: boolean;
  /** Every input of a function without an initial value must be given, also in calls with names. */
  readonly functionInputsAreRequired: boolean;
  /** VAR_IN_OUT of a block may stay open in a call. */
  readonly inOutMayStayOpen: boolean;
  /** Length of STRING without one. */
  readonly defaultStringLength: number;
  /** Type of the values of an enum without a base type. */
  readonly enumBase: 'INT' | 'DINT';
  /** What the number of `%QW4` counts: bytes, elements of the size letter, or not fixed by the dialect. */
  readonly addressUnit: 'byte' | 'element' | 'either';
  /** A text file with nothing but VAR_GLOBAL is a list with the name of the file: `GVL_HMI.st` holds `GVL_HMI.x`. */
  readonly listsAreNamedByFile: boolean;
  /** Addresses have the form of IEC 61131-3, table 16. */
  readonly hasStandardAddresses: boolean;
  /**
   * Names that may be tags of a table outside of the sources: those in double quotes (Siemens), or any as long as no tag
   * is known at all (Logix routines as text).
   */
  readonly tagNames: 'none' | 'quoted' | 'all-without-tags';
  /** A function block is called by its name with the instance as first operand: `Valve(v1, open)` (Logix). */
  readonly instancesAreOperands: boolean;
  /** `INT_TO_Mode` and `Mode_TO_INT` exist for every enumeration. */
  readonly hasEnumConversions: boolean;
  /** A text has the members LEN and DATA (Logix). */
  readonly textsHaveMembers: boolean;
  /** Each file is an export that repeats what it needs of the project: a second declaration is a copy of the first. */
  readonly filesRepeatDeclarations: boolean;
  /** Names of types that stand before `.` for the whole project: `_.Type` of SIMATIC SD. */
  readonly projectNamespace: string | null;
  /** Namespaces of the standard libraries, upper case: `Standard.TON`, `Tc2_Standard.TON`. */
  readonly standardNamespaces: readonly string[];
  /** Type and block names that come from a library that is delivered compiled. */
  readonly libraryNames: RegExp | null;
  /** Programs that run when no CONFIGURATION and no manifest says otherwise, upper case, in order of preference. */
  readonly entryNames: readonly string[];
}

export type LibraryId = 'iec' | 'plcopen-safety' | 'codesys' | 'siemens' | 'rockwell' | 'test';

const CODESYS_NAMESPACES = ['STANDARD', 'STANDARD64', 'UTIL', 'TC2_STANDARD', 'TC2_SYSTEM', 'TC2_UTILITIES'];
const CODESYS_LIBRARY_NAMES =
  /^(MC_|SMC_|SM3_|AXIS_REF|TC\d?_|ITC|FB_TESTSUITE|SYS[A-Z]+_|CMP|CAA|NB[SE]\.|IO_?DRV|ADS)/;

/** System data types and blocks of STEP 7 and its technology objects. */
const SIEMENS_LIBRARY_NAMES =
  /^(G7_|GRAPH_|TCON_|TADDR_|TMAIL_|TDIAG_|TO_|PID_|MC_|CONF_|IF_CONF_|SINA_|LGF_|NREF|EREF|VREF)/;

export const DIALECT_RULES: Readonly<Record<DialectId, DialectRules>> = {
  iec: {
    libraries: ['iec', 'plcopen-safety', 'test'],
    bitsAreNumbers: false,
    enumsAreIntegers: false,
    basedLiteralsAreBitPatterns: false,
    numbersAreConditions: false,
    pointersAreNumbers: false,
    functionInputsAreRequired: false,
    inOutMayStayOpen: false,
    defaultStringLength: 254,
    enumBase: 'INT',
    addressUnit: 'either',
    listsAreNamedByFile: false,
    hasStandardAddresses: true,
    tagNames: 'none',
    instancesAreOperands: false,
    hasEnumConversions: true,
    textsHaveMembers: false,
    filesRepeatDeclarations: false,
    projectNamespace: null,
    standardNamespaces: [],
    libraryNames: null,
    entryNames: ['MAIN', 'PLC_PRG'],
  },
  codesys: {
    libraries: ['iec', 'codesys', 'plcopen-safety', 'test'],
    bitsAreNumbers: true,
    enumsAreIntegers: true,
    basedLiteralsAreBitPatterns: true,
    numbersAreConditions: false,
    pointersAreNumbers: true,
    functionInputsAreRequired: true,
    inOutMayStayOpen: false,
    defaultStringLength: 80,
    enumBase: 'INT',
    addressUnit: 'either',
    listsAreNamedByFile: true,
    hasStandardAddresses: true,
    tagNames: 'none',
    instancesAreOperands: false,
    hasEnumConversions: true,
    textsHaveMembers: false,
    filesRepeatDeclarations: false,
    projectNamespace: null,
    standardNamespaces: CODESYS_NAMESPACES,
    libraryNames: CODESYS_LIBRARY_NAMES,
    entryNames: ['PLC_PRG', 'MAIN'],
  },
  twincat: {
    libraries: ['iec', 'codesys', 'plcopen-safety', 'test'],
    bitsAreNumbers: true,
    enumsAreIntegers: true,
    basedLiteralsAreBitPatterns: true,
    numbersAreConditions: false,
    pointersAreNumbers: true,
    functionInputsAreRequired: true,
    inOutMayStayOpen: false,
    defaultStringLength: 80,
    enumBase: 'INT',
    addressUnit: 'byte',
    listsAreNamedByFile: true,
    hasStandardAddresses: true,
    tagNames: 'none',
    instancesAreOperands: false,
    hasEnumConversions: true,
    textsHaveMembers: false,
    filesRepeatDeclarations: false,
    projectNamespace: null,
    standardNamespaces: CODESYS_NAMESPACES,
    libraryNames: CODESYS_LIBRARY_NAMES,
    entryNames: ['MAIN', 'PLC_PRG'],
  },
  siemens: {
    libraries: ['siemens', 'iec', 'plcopen-safety', 'test'],
    bitsAreNumbers: true,
    enumsAreIntegers: true,
    basedLiteralsAreBitPatterns: true,
    numbersAreConditions: false,
    pointersAreNumbers: false,
    functionInputsAreRequired: true,
    inOutMayStayOpen: true,
    defaultStringLength: 254,
    enumBase: 'INT',
    addressUnit: 'byte',
    listsAreNamedByFile: false,
    hasStandardAddresses: false,
    tagNames: 'quoted',
    instancesAreOperands: false,
    hasEnumConversions: false,
    textsHaveMembers: false,
    filesRepeatDeclarations: false,
    projectNamespace: '_',
    standardNamespaces: [],
    libraryNames: SIEMENS_LIBRARY_NAMES,
    entryNames: ['MAIN', 'OB1'],
  },
  rockwell: {
    libraries: ['rockwell', 'iec', 'plcopen-safety', 'test'],
    bitsAreNumbers: true,
    enumsAreIntegers: true,
    basedLiteralsAreBitPatterns: true,
    numbersAreConditions: true,
    pointersAreNumbers: false,
    functionInputsAreRequired: false,
    inOutMayStayOpen: false,
    defaultStringLength: 82,
    enumBase: 'DINT',
    addressUnit: 'either',
    listsAreNamedByFile: false,
    hasStandardAddresses: false,
    tagNames: 'all-without-tags',
    instancesAreOperands: true,
    hasEnumConversions: false,
    textsHaveMembers: true,
    filesRepeatDeclarations: true,
    projectNamespace: null,
    standardNamespaces: [],
    libraryNames: /^/,
    entryNames: ['MAINROUTINE', 'MAINPROGRAM', 'MAIN'],
  },
};
