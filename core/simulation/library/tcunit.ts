/**
 * The interface of the TcUnit framework for unit tests, as far as suites use it, in ST: suites are function blocks that
 * extend FB_TestSuite, and their body runs once per scan until every test has said TEST_FINISHED. Written from the
 * published interface; a suite runs here as it does in its own runtime, but in virtual time and without a controller.
 */

/** Tests that one suite may have. */
export const TCUNIT_TESTS = 200;

const INTEGERS = ['SINT', 'INT', 'DINT', 'LINT', 'USINT', 'UINT', 'UDINT', 'ULINT'] as const;
const BITS = ['BOOL', 'BYTE', 'WORD', 'DWORD', 'LWORD'] as const;
const TEMPORAL = ['TIME', 'LTIME', 'DATE', 'TIME_OF_DAY', 'DATE_AND_TIME'] as const;
const REALS = ['REAL', 'LREAL'] as const;

function assertion(name: string, type: string, fails: string, text: (value: string) => string, extra = ''): string {
  return `METHOD PUBLIC ${name}
VAR_INPUT Expected : ${type}; Actual : ${type}; ${extra} Message : STRING(255); END_VAR
IF ${fails} THEN PW_Fail(Expected := ${text('Expected')}, Actual := ${text('Actual')}, Message := Message); END_IF;
END_METHOD`;
}

function arrayAssertion(type: string, extra: string, differs: string): string {
  return `METHOD PUBLIC AssertArrayEquals_${type}
VAR_IN_OUT Expecteds : ARRAY[*] OF ${type}; Actuals : ARRAY[*] OF ${type}; END_VAR
VAR_INPUT ${extra} Message : STRING(255); END_VAR
VAR i : DINT; offset : DINT; END_VAR
offset := LOWER_BOUND(Actuals, 1) - LOWER_BOUND(Expecteds, 1);
IF UPPER_BOUND(Actuals, 1) - UPPER_BOUND(Expecteds, 1) <> offset THEN
  PW_Fail(Expected := 'an array of the same size', Actual := 'another size', Message := Message);
  RETURN;
END_IF;
FOR i := LOWER_BOUND(Expecteds, 1) TO UPPER_BOUND(Expecteds, 1) DO
  IF ${differs} THEN
    PW_Fail(Expected := ${type}_TO_STRING(Expecteds[i]), Actual := ${type}_TO_STRING(Actuals[i + offset]), Message := Message);
    RETURN;
  END_IF;
END_FOR;
END_METHOD`;
}

function suiteText(): string {
  const converted = [...INTEGERS, ...BITS, ...TEMPORAL];
  return `FUNCTION_BLOCK FB_TestSuite
VAR
  PW_Count : INT; PW_Current : INT;
  PW_Names : ARRAY[1..${TCUNIT_TESTS}] OF STRING(255);
  PW_Finished : ARRAY[1..${TCUNIT_TESTS}] OF BOOL;
  PW_Failed : ARRAY[1..${TCUNIT_TESTS}] OF BOOL;
  PW_Expected : ARRAY[1..${TCUNIT_TESTS}] OF STRING(255);
  PW_Actual : ARRAY[1..${TCUNIT_TESTS}] OF STRING(255);
  PW_Message : ARRAY[1..${TCUNIT_TESTS}] OF STRING(255);
END_VAR
METHOD PUBLIC TEST
VAR_INPUT TestName : STRING(255); END_VAR
VAR i : INT; END_VAR
FOR i := 1 TO PW_Count DO
  IF PW_Names[i] = TestName THEN PW_Current := i; RETURN; END_IF;
END_FOR;
PW_Count := PW_Count + 1;
PW_Current := PW_Count;
PW_Names[PW_Current] := TestName;
END_METHOD
METHOD PUBLIC TEST_ORDERED : BOOL
VAR_INPUT TestName : STRING(255); END_VAR
VAR i : INT; END_VAR
TEST(TestName := TestName);
TEST_ORDERED := NOT PW_Finished[PW_Current];
FOR i := 1 TO PW_Current - 1 DO
  IF NOT PW_Finished[i] THEN TEST_ORDERED := FALSE; END_IF;
END_FOR;
END_METHOD
METHOD PUBLIC TEST_FINISHED
IF PW_Current > 0 THEN PW_Finished[PW_Current] := TRUE; END_IF;
END_METHOD
METHOD PUBLIC TEST_FINISHED_NAMED
VAR_INPUT TestName : STRING(255); END_VAR
VAR i : INT; END_VAR
FOR i := 1 TO PW_Count DO
  IF PW_Names[i] = TestName THEN PW_Finished[i] := TRUE; END_IF;
END_FOR;
END_METHOD
METHOD PUBLIC PW_Fail
VAR_INPUT Expected : STRING(255); Actual : STRING(255); Message : STRING(255); END_VAR
IF PW_Current = 0 THEN TEST(TestName := 'assertions outside of a test'); END_IF;
IF PW_Finished[PW_Current] OR PW_Failed[PW_Current] THEN RETURN; END_IF;
PW_Failed[PW_Current] := TRUE;
PW_Expected[PW_Current] := Expected;
PW_Actual[PW_Current] := Actual;
PW_Message[PW_Current] := Message;
END_METHOD
METHOD PUBLIC AssertTrue
VAR_INPUT Condition : BOOL; Message : STRING(255); END_VAR
IF NOT Condition THEN PW_Fail(Expected := 'TRUE', Actual := 'FALSE', Message := Message); END_IF;
END_METHOD
METHOD PUBLIC AssertFalse
VAR_INPUT Condition : BOOL; Message : STRING(255); END_VAR
IF Condition THEN PW_Fail(Expected := 'FALSE', Actual := 'TRUE', Message := Message); END_IF;
END_METHOD
${converted
  .map((type) =>
    assertion(`AssertEquals_${type}`, type, 'Expected <> Actual', (value) => `${type}_TO_STRING(${value})`),
  )
  .join('\n')}
${REALS.map((type) =>
  assertion(
    `AssertEquals_${type}`,
    type,
    'NOT (ABS(Expected - Actual) <= ABS(Delta))',
    (value) => `${type}_TO_STRING(${value})`,
    `Delta : ${type};`,
  ),
).join('\n')}
${assertion('AssertEquals_STRING', 'STRING(255)', 'Expected <> Actual', (value) => value)}
${[...INTEGERS, ...BITS].map((type) => arrayAssertion(type, '', 'Expecteds[i] <> Actuals[i + offset]')).join('\n')}
${REALS.map((type) =>
  arrayAssertion(type, `Delta : ${type};`, 'NOT (ABS(Expecteds[i] - Actuals[i + offset]) <= ABS(Delta))'),
).join('\n')}
END_FUNCTION_BLOCK
`;
}

function writeProtected(type: string): string {
  return `FUNCTION WRITE_PROTECTED_${type} : BOOL
VAR_INPUT Ptr : POINTER TO ${type}; Value : ${type}; END_VAR
Ptr^ := Value;
WRITE_PROTECTED_${type} := TRUE;
END_FUNCTION
`;
}

/** The library in ST: FB_TestSuite, TcUnit.RUN and the writes to inputs. */
export function tcUnitText(): string {
  return `${suiteText()}
FUNCTION_BLOCK PW_TcUnit
METHOD PUBLIC RUN
END_METHOD
METHOD PUBLIC RUN_IN_SEQUENCE
END_METHOD
END_FUNCTION_BLOCK
${[...INTEGERS, ...BITS, ...REALS, 'TIME'].map(writeProtected).join('')}
VAR_GLOBAL TcUnit : PW_TcUnit; END_VAR
`;
}
