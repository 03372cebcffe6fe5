/** A pallet lift with roller tracks in TwinCAT: XML files, interface, inheritance, methods, properties, an enumeration. */

import type { Files } from './harmless-machine.js';

const ID = 'Id="{00000000-0000-0000-0000-000000000000}"';
const HEAD = '<?xml version="1.0" encoding="utf-8"?>\n<TcPlcObject Version="1.1.0.1" ProductVersion="3.1.4024.12">\n';
const FOOT = '</TcPlcObject>\n';

const text = (tag: string, content: string): string => `<${tag}><![CDATA[${content}]]></${tag}>`;

const body = (declaration: string, code: string): string =>
  `      ${text('Declaration', declaration)}\n      <Implementation>\n        ${text('ST', code)}\n      </Implementation>\n`;

/** A method element; exported, for edits that add one. */
export const method = (name: string, declaration: string, code: string): string =>
  `    <Method Name="${name}" ${ID}>\n${body(declaration, code)}    </Method>\n`;

export const property = (name: string, type: string, code: string): string =>
  `    <Property Name="${name}" ${ID}>\n      ${text('Declaration', `PROPERTY ${name} : ${type}\n`)}\n      <Get Name="Get" ${ID}>\n${body('VAR\nEND_VAR\n', code)}      </Get>\n    </Property>\n`;

/** A POU file: declaration and body of the POU, then its methods and properties. */
export const pou = (name: string, declaration: string, code: string, ...members: readonly string[]): string =>
  `${HEAD}  <POU Name="${name}" ${ID} SpecialFunc="None">\n${body(declaration, code)}${members.join('')}  </POU>\n${FOOT}`;

export const gvl = (name: string, declaration: string): string =>
  `${HEAD}  <GVL Name="${name}" ${ID}>\n    ${text('Declaration', declaration)}\n  </GVL>\n${FOOT}`;

export const dut = (name: string, declaration: string): string =>
  `${HEAD}  <DUT Name="${name}" ${ID}>\n    ${text('Declaration', declaration)}\n  </DUT>\n${FOOT}`;

export const LIFT_FILES: Files = {
  'plantwright.yaml': `site: pallet-lift-2
location: Wels, AT
line_type: Intralogistics
plc_type: Beckhoff CX5140
firmware_version: "3.1.4024"
dialect: twincat
sources: [PLC/**]
entry: MAIN
cycle: 10ms
safety:
  rating: SIL-2
  performance_level: d
  signals:
    - { tag: GVL_IO.bEStopOk, role: estop, zone: lift }
    - { tag: GVL_IO.bGateBottom, role: guard, zone: lift }
    - { tag: GVL_IO.bGateTop, role: guard, zone: lift }
    - { tag: GVL_IO.bSlackRopeOk, role: permissive, zone: lift }
    - { tag: GVL_IO.bReset, role: reset, zone: lift }
    - { tag: GVL_IO.bStart, role: start, zone: lift }
    - { tag: GVL_IO.bLiftUp, role: hazard, zone: lift, off: false }
    - { tag: GVL_IO.bLiftDown, role: hazard, zone: lift, off: false }
    - { tag: GVL_IO.bTrackBottom, role: hazard, zone: bottom, off: false, requires: [GVL_IO.bEStopOk, GVL_IO.bGateBottom] }
    - { tag: GVL_IO.bTrackTop, role: hazard, zone: top, off: false, requires: [GVL_IO.bEStopOk, GVL_IO.bGateTop] }
    - { tag: GVL_HMI.*, role: operator }
  mutually_exclusive: [[GVL_IO.bLiftUp, GVL_IO.bLiftDown]]
checks:
  tests: [tests/**/*_test.st]
  scenarios: [scenarios/**/*.yaml]
`,
  'PLC/GVLs/GVL_IO.TcGVL': gvl(
    'GVL_IO',
    `{attribute 'qualified_only'}
VAR_GLOBAL
	bEStopOk AT %I* : BOOL; // chain closed
	bGateBottom AT %I* : BOOL;
	bGateTop AT %I* : BOOL;
	bSlackRopeOk AT %I* : BOOL;
	bReset AT %I* : BOOL;
	bStart AT %I* : BOOL;
	bStop AT %I* : BOOL;
	bAtBottom AT %I* : BOOL;
	bAtTop AT %I* : BOOL;
	bPalletBottom AT %I* : BOOL;
	bPalletTop AT %I* : BOOL;
	nLoad AT %I* : INT; // 0.1 kg
	bLiftUp AT %Q* : BOOL;
	bLiftDown AT %Q* : BOOL;
	bTrackBottom AT %Q* : BOOL;
	bTrackTop AT %Q* : BOOL;
	bLampReset AT %Q* : BOOL;
END_VAR
`,
  ),
  'PLC/GVLs/GVL_HMI.TcGVL': gvl(
    'GVL_HMI',
    `{attribute 'qualified_only'}
VAR_GLOBAL
	nState : INT;
	nPallets : UDINT;
	bAutoMode : BOOL;
	fLoad : REAL;
END_VAR
`,
  ),
  'PLC/GVLs/GVL_Param.TcGVL': gvl(
    'GVL_Param',
    `{attribute 'qualified_only'}
VAR_GLOBAL CONSTANT
	cMaxLoad : INT := 12000; // 1200 kg
	cTravelTime : TIME := T#25S;
END_VAR
`,
  ),
  'PLC/DUTs/E_Lift.TcDUT': dut(
    'E_Lift',
    `{attribute 'qualified_only'}
{attribute 'strict'}
TYPE E_Lift :
(
	Idle := 0,
	Load := 10,
	Up := 20,
	Unload := 30,
	Down := 40
) INT;
END_TYPE
`,
  ),
  'PLC/POUs/I_Motion.TcIO': `${HEAD}  <Itf Name="I_Motion" ${ID}>\n    ${text('Declaration', 'INTERFACE I_Motion\n')}\n    <Method Name="Stop" ${ID}>\n      ${text('Declaration', 'METHOD Stop\n')}\n    </Method>\n  </Itf>\n${FOOT}`,
  'PLC/POUs/FB_Zone.TcPOU': pou(
    'FB_Zone',
    `// Stored demand of one zone, cleared by the edge of the reset button
FUNCTION_BLOCK FB_Zone
VAR_INPUT
	bHealthy : BOOL;
	bReset : BOOL;
END_VAR
VAR_OUTPUT
	bFree : BOOL;
END_VAR
VAR
	bTripped : BOOL := TRUE;
	fbReset : R_TRIG;
END_VAR
`,
    `fbReset(CLK := bReset);
IF NOT bHealthy THEN
	bTripped := TRUE;
ELSIF fbReset.Q THEN
	bTripped := FALSE;
END_IF
bFree := bHealthy AND NOT bTripped;
`,
    property('Tripped', 'BOOL', 'Tripped := bTripped;\n'),
  ),
  'PLC/POUs/FB_Motion.TcPOU': pou(
    'FB_Motion',
    `FUNCTION_BLOCK FB_Motion IMPLEMENTS I_Motion
VAR_INPUT
	bRelease : BOOL;
END_VAR
VAR
	_bOn : BOOL;
	_tonTravel : TON;
	_bTimeout : BOOL;
END_VAR
`,
    `_tonTravel(IN := _bOn, PT := GVL_Param.cTravelTime);
IF _tonTravel.Q THEN
	_bTimeout := TRUE;
END_IF
IF NOT bRelease OR _bTimeout THEN
	Stop();
END_IF
`,
    method(
      'Move',
      'METHOD Move\nVAR_INPUT\n\tbWanted : BOOL;\nEND_VAR\n',
      '_bOn := bWanted AND bRelease AND NOT _bTimeout;\n',
    ),
    method('Stop', 'METHOD Stop\n', '_bOn := FALSE;\n'),
    method('Acknowledge', 'METHOD Acknowledge\n', '_bTimeout := FALSE;\n'),
    property('On', 'BOOL', 'On := _bOn AND bRelease;\n'),
    property('Timeout', 'BOOL', 'Timeout := _bTimeout;\n'),
  ),
  'PLC/POUs/FB_Track.TcPOU': pou(
    'FB_Track',
    `FUNCTION_BLOCK FB_Track EXTENDS FB_Motion
VAR_INPUT
	bOccupied : BOOL;
END_VAR
VAR_OUTPUT
	bEmpty : BOOL;
END_VAR
`,
    `SUPER^();
bEmpty := NOT bOccupied;
`,
  ),
  'PLC/POUs/MAIN.TcPOU': pou(
    'MAIN',
    `PROGRAM MAIN
VAR
	fbZone : FB_Zone;
	fbLift : FB_Motion;
	fbBottom : FB_Track;
	fbTop : FB_Track;
	fbStart : R_TRIG;
	fbAck : R_TRIG;
	eState : E_Lift;
	bRunning : BOOL;
	bOverload : BOOL;
	bSpare : BOOL;
END_VAR
`,
    `fbZone(
	bHealthy := GVL_IO.bEStopOk AND GVL_IO.bGateBottom AND GVL_IO.bGateTop AND GVL_IO.bSlackRopeOk,
	bReset := GVL_IO.bReset);

fbStart(CLK := GVL_IO.bStart);
fbAck(CLK := GVL_IO.bReset);
IF fbAck.Q AND NOT bRunning THEN
	fbLift.Acknowledge();
	fbBottom.Acknowledge();
	fbTop.Acknowledge();
END_IF

bOverload := GVL_IO.nLoad > GVL_Param.cMaxLoad OR GVL_IO.nLoad < 0;
IF NOT fbZone.bFree OR GVL_IO.bStop OR bOverload THEN
	bRunning := FALSE;
ELSIF fbStart.Q THEN
	bRunning := TRUE;
END_IF

// sequence
IF NOT bRunning THEN
	eState := E_Lift.Idle;
END_IF
CASE eState OF
	E_Lift.Idle:
		IF bRunning AND GVL_IO.bAtBottom THEN
			eState := E_Lift.Load;
		END_IF
	E_Lift.Load:
		IF NOT GVL_IO.bPalletBottom THEN
			eState := E_Lift.Up;
		END_IF
	E_Lift.Up:
		IF GVL_IO.bAtTop THEN
			eState := E_Lift.Unload;
		END_IF
	E_Lift.Unload:
		IF GVL_IO.bPalletTop THEN
			GVL_HMI.nPallets := GVL_HMI.nPallets + 1;
			eState := E_Lift.Down;
		END_IF
	E_Lift.Down:
		IF GVL_IO.bAtBottom THEN
			eState := E_Lift.Load;
		END_IF
END_CASE

// motions
fbLift(bRelease := fbZone.bFree);
fbLift.Move(bWanted := (eState = E_Lift.Up AND NOT GVL_IO.bAtTop) OR (eState = E_Lift.Down AND NOT GVL_IO.bAtBottom));
fbBottom(bRelease := fbZone.bFree, bOccupied := GVL_IO.bPalletBottom);
fbBottom.Move(bWanted := eState = E_Lift.Load AND GVL_IO.bAtBottom);
fbTop(bRelease := fbZone.bFree, bOccupied := GVL_IO.bPalletTop);
fbTop.Move(bWanted := eState = E_Lift.Unload AND GVL_IO.bAtTop);

// outputs
GVL_IO.bLiftUp := fbLift.On AND eState = E_Lift.Up AND fbZone.bFree;
GVL_IO.bLiftDown := fbLift.On AND eState = E_Lift.Down AND fbZone.bFree;
GVL_IO.bTrackBottom := fbBottom.On AND GVL_IO.bEStopOk AND GVL_IO.bGateBottom;
GVL_IO.bTrackTop := fbTop.On AND GVL_IO.bEStopOk AND GVL_IO.bGateTop;

// panel
GVL_IO.bLampReset := fbZone.Tripped OR fbLift.Timeout;
GVL_HMI.nState := eState;
GVL_HMI.fLoad := INT_TO_REAL(GVL_IO.nLoad) / 10.0;
`,
  ),
  'tests/zone_test.st': `SETUP
  VAR zone : FB_Zone; END_VAR
  zone(bHealthy := TRUE, bReset := FALSE);
END_SETUP

TEST 'free only after the reset'
  ASSERT_FALSE(zone.bFree);
  zone(bReset := TRUE);
  ASSERT_TRUE(zone.bFree);
END_TEST
`,
  'scenarios/gate.yaml': `name: gate opens while the track runs
program: MAIN
cycle: 10ms
steps:
  - at: 0ms
    set: { GVL_IO.bEStopOk: true, GVL_IO.bGateBottom: true, GVL_IO.bGateTop: true, GVL_IO.bSlackRopeOk: true, GVL_IO.bAtBottom: true, GVL_IO.bPalletBottom: true }
  - { at: 100ms, pulse: { GVL_IO.bReset: 50ms } }
  - { at: 300ms, pulse: { GVL_IO.bStart: 50ms } }
  - { at: 500ms, expect: { GVL_IO.bTrackBottom: true } }
  - { at: 600ms, set: { GVL_IO.bGateBottom: false } }
  - { at: 620ms, expect: { GVL_IO.bTrackBottom: false } }
until: 1s
`,
};
