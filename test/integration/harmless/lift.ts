/** Everyday edits of the pallet lift. */

import { added, type HarmlessMachine, inFile, removed, renamed } from './harmless-machine.js';
import { dut, gvl, LIFT_FILES, method, pou, property } from './lift-source.js';

const main = inFile('PLC/POUs/MAIN.TcPOU');
const zone = inFile('PLC/POUs/FB_Zone.TcPOU');
const motion = inFile('PLC/POUs/FB_Motion.TcPOU');
const track = inFile('PLC/POUs/FB_Track.TcPOU');
const hmi = inFile('PLC/GVLs/GVL_HMI.TcGVL');
const zoneTest = inFile('tests/zone_test.st');
const declare = (line: string) => main('\tbSpare : BOOL;', `\tbSpare : BOOL;\n\t${line}`);

const PANEL = 'GVL_HMI.nState := eState;';
const UP = 'GVL_IO.bLiftUp := fbLift.On AND eState = E_Lift.Up AND fbZone.bFree;';
const TRIP = 'IF NOT bHealthy THEN\n\tbTripped := TRUE;\nELSIF fbReset.Q THEN\n\tbTripped := FALSE;\nEND_IF\n';
const RUN = `IF NOT fbZone.bFree OR GVL_IO.bStop OR bOverload THEN
	bRunning := FALSE;
ELSIF fbStart.Q THEN
	bRunning := TRUE;
END_IF
`;
const ACK =
  'IF fbAck.Q AND NOT bRunning THEN\n\tfbLift.Acknowledge();\n\tfbBottom.Acknowledge();\n\tfbTop.Acknowledge();\nEND_IF\n';
const OVERLOAD = 'bOverload := GVL_IO.nLoad > GVL_Param.cMaxLoad OR GVL_IO.nLoad < 0;';
const WANTED = '(eState = E_Lift.Up AND NOT GVL_IO.bAtTop) OR (eState = E_Lift.Down AND NOT GVL_IO.bAtBottom)';
const HEALTHY = 'bHealthy := GVL_IO.bEStopOk AND GVL_IO.bGateBottom AND GVL_IO.bGateTop AND GVL_IO.bSlackRopeOk,';

export const LIFT: HarmlessMachine = {
  name: 'pallet lift in TwinCAT',
  files: LIFT_FILES,
  edits: [
    {
      title: 'version of the product and identifiers written anew by the editor',
      edit: [
        main('ProductVersion="3.1.4024.12"', 'ProductVersion="3.1.4024.55"'),
        main('Id="{00000000-0000-0000-0000-000000000000}"', 'Id="{6f1c1f5e-3a3e-4c66-8a3b-6b6b0c0a1f10}"'),
      ],
    },
    {
      title: 'documentation comments and a region pragma',
      edit: [
        zone(
          '// Stored demand of one zone',
          '(*\n\tFB_Zone\n\t2026-02-11 documentation only\n*)\n// Stored demand of one zone',
        ),
        main('// outputs\n', "{region 'outputs'}\n// outputs\n"),
        main('// panel\n', '{endregion}\n// panel\n'),
      ],
    },
    {
      title: 'a method extracted for the overload',
      edit: [
        main(OVERLOAD, 'bOverload := IsOverloaded(nLoad := GVL_IO.nLoad);'),
        main(
          '  </POU>',
          `${method('IsOverloaded', 'METHOD PRIVATE IsOverloaded : BOOL\nVAR_INPUT\n\tnLoad : INT;\nEND_VAR\n', 'IsOverloaded := nLoad > GVL_Param.cMaxLoad OR nLoad < 0;\n')}  </POU>`,
        ),
      ],
      twin: [
        main(OVERLOAD, 'bOverload := IsOverloaded(nLoad := GVL_IO.nLoad);'),
        main(
          '  </POU>',
          `${method('IsOverloaded', 'METHOD PRIVATE IsOverloaded : BOOL\nVAR_INPUT\n\tnLoad : INT;\nEND_VAR\n', 'IsOverloaded := nLoad > GVL_Param.cMaxLoad AND nLoad < 0;\n')}  </POU>`,
        ),
      ],
    },
    {
      title: 'the acknowledgement of all motions in a method',
      edit: [
        main(ACK, 'IF fbAck.Q AND NOT bRunning THEN\n\tAcknowledgeAll();\nEND_IF\n'),
        main(
          '  </POU>',
          `${method('AcknowledgeAll', 'METHOD PRIVATE AcknowledgeAll\n', 'fbLift.Acknowledge();\nfbBottom.Acknowledge();\nfbTop.Acknowledge();\n')}  </POU>`,
        ),
      ],
    },
    {
      title: 'the acknowledgement in a loop over an array of interfaces',
      edit: [
        inFile('PLC/POUs/I_Motion.TcIO')(
          '  </Itf>',
          '    <Method Name="Acknowledge" Id="{00000000-0000-0000-0000-000000000000}">\n      <Declaration><![CDATA[METHOD Acknowledge\n]]></Declaration>\n    </Method>\n  </Itf>',
        ),
        declare('aMotions : ARRAY[1..3] OF I_Motion;\n\tn : INT;'),
        main(
          ACK,
          'aMotions[1] := fbLift;\naMotions[2] := fbBottom;\naMotions[3] := fbTop;\nIF fbAck.Q AND NOT bRunning THEN\n\tFOR n := 1 TO 3 DO\n\t\taMotions[n].Acknowledge();\n\tEND_FOR\nEND_IF\n',
        ),
      ],
    },
    {
      title: 'the stored demand as one expression',
      edit: [zone(TRIP, 'bTripped := NOT bHealthy OR (bTripped AND NOT fbReset.Q);\n')],
      twin: [zone(TRIP, 'bTripped := (NOT bHealthy OR bTripped) AND NOT fbReset.Q;\n')],
    },
    {
      title: 'the run latch by an RS block of the standard library',
      edit: [
        declare('fbRun : RS;'),
        main(
          RUN,
          'fbRun(SET := fbStart.Q, RESET1 := NOT fbZone.bFree OR GVL_IO.bStop OR bOverload, Q1 => bRunning);\n',
        ),
      ],
      twin: [
        declare('fbRun : SR;'),
        main(
          RUN,
          'fbRun(SET1 := fbStart.Q, RESET := NOT fbZone.bFree OR GVL_IO.bStop OR bOverload, Q1 => bRunning);\n',
        ),
      ],
    },
    {
      title: 'the conditions of the zone in a variable',
      edit: [
        declare('bHealthy : BOOL;'),
        main(
          `fbZone(\n\t${HEALTHY}`,
          'bHealthy := GVL_IO.bEStopOk AND GVL_IO.bGateBottom AND GVL_IO.bGateTop AND GVL_IO.bSlackRopeOk;\nfbZone(\n\tbHealthy := bHealthy,',
        ),
      ],
      // computed one scan too late
      twin: [
        declare('bHealthy : BOOL;'),
        main(HEALTHY, 'bHealthy := bHealthy,'),
        main(
          'fbStart(CLK := GVL_IO.bStart);',
          'bHealthy := GVL_IO.bEStopOk AND GVL_IO.bGateBottom AND GVL_IO.bGateTop AND GVL_IO.bSlackRopeOk;\nfbStart(CLK := GVL_IO.bStart);',
        ),
      ],
    },
    {
      title: 'the two gates as a structure of the zone',
      edit: [
        added(
          'PLC/DUTs/ST_Gates.TcDUT',
          dut('ST_Gates', 'TYPE ST_Gates :\nSTRUCT\n\tbBottom : BOOL;\n\tbTop : BOOL;\nEND_STRUCT\nEND_TYPE\n'),
        ),
        declare('stGates : ST_Gates;'),
        main('fbZone(\n', 'stGates.bBottom := GVL_IO.bGateBottom;\nstGates.bTop := GVL_IO.bGateTop;\nfbZone(\n'),
        main(
          'GVL_IO.bGateBottom AND GVL_IO.bGateTop AND GVL_IO.bSlackRopeOk,',
          'stGates.bBottom AND stGates.bTop AND GVL_IO.bSlackRopeOk,',
        ),
      ],
      twin: [
        added(
          'PLC/DUTs/ST_Gates.TcDUT',
          dut('ST_Gates', 'TYPE ST_Gates :\nSTRUCT\n\tbBottom : BOOL;\n\tbTop : BOOL;\nEND_STRUCT\nEND_TYPE\n'),
        ),
        declare('stGates : ST_Gates;'),
        main('fbZone(\n', 'stGates.bBottom := GVL_IO.bGateBottom;\nstGates.bTop := GVL_IO.bGateBottom;\nfbZone(\n'),
        main(
          'GVL_IO.bGateBottom AND GVL_IO.bGateTop AND GVL_IO.bSlackRopeOk,',
          'stGates.bBottom AND stGates.bTop AND GVL_IO.bSlackRopeOk,',
        ),
      ],
    },
    {
      title: 'a property less: the timeout read by a method',
      edit: [
        motion(
          property('Timeout', 'BOOL', 'Timeout := _bTimeout;\n'),
          method('HasTimeout', 'METHOD HasTimeout : BOOL\n', 'HasTimeout := _bTimeout;\n'),
        ),
        main('fbLift.Timeout;', 'fbLift.HasTimeout();'),
      ],
    },
    {
      title: 'the methods of the motion in another order',
      edit: [
        motion(method('Acknowledge', 'METHOD Acknowledge\n', '_bTimeout := FALSE;\n'), ''),
        motion(
          method('Stop', 'METHOD Stop\n', '_bOn := FALSE;\n'),
          `${method('Acknowledge', 'METHOD Acknowledge\n', '_bTimeout := FALSE;\n')}${method('Stop', 'METHOD Stop\n', '_bOn := FALSE;\n')}`,
        ),
      ],
    },
    {
      title: 'the override of the body inlined: the track as a block of its own members',
      edit: [track('SUPER^();\nbEmpty := NOT bOccupied;', 'bEmpty := NOT bOccupied;\nSUPER^();')],
      twin: [
        track(
          'SUPER^();\nbEmpty := NOT bOccupied;',
          'bEmpty := NOT bOccupied;\nIF bOccupied THEN\n\tSUPER^();\nEND_IF',
        ),
      ],
    },
    {
      title: 'the wanted motion from two variables',
      edit: [
        declare('bUpWanted : BOOL;\n\tbDownWanted : BOOL;'),
        main(
          `fbLift.Move(bWanted := ${WANTED});`,
          'bUpWanted := eState = E_Lift.Up AND NOT GVL_IO.bAtTop;\nbDownWanted := eState = E_Lift.Down AND NOT GVL_IO.bAtBottom;\nfbLift.Move(bWanted := bUpWanted OR bDownWanted);',
        ),
      ],
      twin: [
        declare('bUpWanted : BOOL;\n\tbDownWanted : BOOL;'),
        main(
          `fbLift.Move(bWanted := ${WANTED});`,
          'bUpWanted := eState = E_Lift.Up OR NOT GVL_IO.bAtTop;\nbDownWanted := eState = E_Lift.Down AND NOT GVL_IO.bAtBottom;\nfbLift.Move(bWanted := bUpWanted OR bDownWanted);',
        ),
        main(UP, 'GVL_IO.bLiftUp := fbLift.On AND NOT GVL_IO.bLiftDown;'),
      ],
    },
    {
      title: 'the lift asks for the slack rope at its outputs too',
      edit: [main(UP, UP.replace(';', ' AND GVL_IO.bSlackRopeOk;'))],
      twin: [
        main(
          'GVL_IO.bLiftDown := fbLift.On AND eState = E_Lift.Down AND fbZone.bFree;',
          'GVL_IO.bLiftDown := fbLift.On AND eState = E_Lift.Down AND GVL_IO.bSlackRopeOk;',
        ),
      ],
    },
    {
      title: 'the top track does not start with the lift away, at the output',
      edit: [main('GVL_IO.bTrackTop := fbTop.On AND', 'GVL_IO.bTrackTop := fbTop.On AND GVL_IO.bAtTop AND')],
      twin: [
        main(
          'GVL_IO.bTrackTop := fbTop.On AND GVL_IO.bEStopOk AND GVL_IO.bGateTop;',
          'GVL_IO.bTrackTop := fbTop.On AND (GVL_IO.bAtTop OR GVL_IO.bEStopOk AND GVL_IO.bGateTop);',
        ),
      ],
    },
    {
      title: 'the load filtered for the panel',
      edit: [
        added(
          'PLC/POUs/FB_Filter.TcPOU',
          pou(
            'FB_Filter',
            'FUNCTION_BLOCK FB_Filter\nVAR_INPUT\n\tfIn : REAL;\n\tfShare : REAL := 0.1;\nEND_VAR\nVAR_OUTPUT\n\tfOut : REAL;\nEND_VAR\n',
            'fOut := fOut + (fIn - fOut) * fShare;\n',
          ),
        ),
        declare('fbFilter : FB_Filter;'),
        main(
          'GVL_HMI.fLoad := INT_TO_REAL(GVL_IO.nLoad) / 10.0;',
          'fbFilter(fIn := INT_TO_REAL(GVL_IO.nLoad) / 10.0, fOut => GVL_HMI.fLoad);',
        ),
      ],
      // the filtered value takes the place of the measured one
      twin: [
        added(
          'PLC/POUs/FB_Filter.TcPOU',
          pou(
            'FB_Filter',
            'FUNCTION_BLOCK FB_Filter\nVAR_INPUT\n\tfIn : REAL;\n\tfShare : REAL := 0.1;\nEND_VAR\nVAR_OUTPUT\n\tfOut : REAL;\nEND_VAR\n',
            'fOut := fOut + (fIn - fOut) * fShare;\n',
          ),
        ),
        declare('fbFilter : FB_Filter;'),
        main(
          OVERLOAD,
          'fbFilter(fIn := INT_TO_REAL(GVL_IO.nLoad));\nbOverload := REAL_TO_INT(fbFilter.fOut) > GVL_Param.cMaxLoad OR GVL_IO.nLoad < 0;',
        ),
      ],
    },
    {
      title: 'a statistics block with an array of the last ten travel times',
      edit: [
        added(
          'PLC/POUs/FB_Statistics.TcPOU',
          pou(
            'FB_Statistics',
            'FUNCTION_BLOCK FB_Statistics\nVAR_INPUT\n\tbMoving : BOOL;\nEND_VAR\nVAR_OUTPUT\n\ttMean : TIME;\nEND_VAR\nVAR\n\ttonRun : TON;\n\tfbEnd : F_TRIG;\n\taTimes : ARRAY[0..9] OF TIME;\n\tnNext : INT;\n\tn : INT;\n\ttSum : TIME;\nEND_VAR\n',
            'fbEnd(CLK := bMoving);\nIF fbEnd.Q THEN\n\taTimes[nNext] := tonRun.ET;\n\tnNext := (nNext + 1) MOD 10;\n\ttSum := T#0S;\n\tFOR n := 0 TO 9 DO\n\t\ttSum := tSum + aTimes[n];\n\tEND_FOR\n\ttMean := tSum / 10;\nEND_IF\ntonRun(IN := bMoving, PT := T#1H);\n',
          ),
        ),
        declare('fbStatistics : FB_Statistics;'),
        main(PANEL, `fbStatistics(bMoving := GVL_IO.bLiftUp);\n${PANEL}`),
      ],
    },
    {
      title: 'a structure for the panel with state, counter and texts',
      edit: [
        added(
          'PLC/DUTs/ST_Panel.TcDUT',
          dut(
            'ST_Panel',
            'TYPE ST_Panel :\nSTRUCT\n\tsState : STRING(20);\n\tbFault : BOOL;\n\tnStarts : UDINT;\nEND_STRUCT\nEND_TYPE\n',
          ),
        ),
        hmi('\tfLoad : REAL;', '\tfLoad : REAL;\n\tstPanel : ST_Panel;'),
        main(
          PANEL,
          `${PANEL}\nCASE eState OF\n\tE_Lift.Idle: GVL_HMI.stPanel.sState := 'idle';\n\tE_Lift.Up, E_Lift.Down: GVL_HMI.stPanel.sState := 'lift moves';\nELSE\n\tGVL_HMI.stPanel.sState := 'track moves';\nEND_CASE\nGVL_HMI.stPanel.bFault := fbLift.Timeout;\nIF fbStart.Q AND bRunning THEN\n\tGVL_HMI.stPanel.nStarts := GVL_HMI.stPanel.nStarts + 1;\nEND_IF`,
        ),
      ],
    },
    {
      title: 'a heartbeat and a warning threshold of the load',
      edit: [
        hmi('\tfLoad : REAL;', '\tfLoad : REAL;\n\tnHeartbeat : UINT;\n\tbLoadWarning : BOOL;'),
        main(
          PANEL,
          `${PANEL}\nGVL_HMI.nHeartbeat := GVL_HMI.nHeartbeat + 1;\nGVL_HMI.bLoadWarning := GVL_IO.nLoad > GVL_Param.cMaxLoad - 1000;`,
        ),
      ],
    },
    {
      title: 'an optional input with a default at the filter of the track',
      edit: [
        track('\tbOccupied : BOOL;', '\tbOccupied : BOOL;\n\tbInverted : BOOL := FALSE;'),
        track('bEmpty := NOT bOccupied;', 'bEmpty := bInverted XOR NOT bOccupied;'),
      ],
    },
    {
      title: 'an optional input with a default at the motion: it may be held',
      edit: [
        motion('\tbRelease : BOOL;', '\tbRelease : BOOL;\n\tbHold : BOOL := FALSE;'),
        motion('IF NOT bRelease OR _bTimeout THEN', 'IF NOT bRelease OR bHold OR _bTimeout THEN'),
        motion('_bOn := bWanted AND bRelease AND', '_bOn := bWanted AND bRelease AND NOT bHold AND'),
      ],
      twin: [
        motion('\tbRelease : BOOL;', '\tbRelease : BOOL;\n\tbForce : BOOL := TRUE;'),
        motion('_bOn := bWanted AND bRelease AND', '_bOn := bWanted AND (bRelease OR bForce) AND'),
        motion('On := _bOn AND bRelease;', 'On := _bOn;'),
      ],
    },
    {
      title: 'a local variable of a block renamed',
      edit: [
        zone('\tbTripped : BOOL := TRUE;', '\t_bStored : BOOL := TRUE;'),
        ...Array.from({ length: 2 }, () => zone('\tbTripped := ', '\t_bStored := ')),
        zone('NOT bTripped;', 'NOT _bStored;'),
        zone('Tripped := bTripped;', 'Tripped := _bStored;'),
      ],
    },
    {
      title: 'a block and its file renamed',
      edit: [
        renamed('FB_Motion', 'FB_Axis'),
        (files) => added('PLC/POUs/FB_Axis.TcPOU', files['PLC/POUs/FB_Motion.TcPOU'] ?? '')(files),
        removed('PLC/POUs/FB_Motion.TcPOU'),
      ],
    },
    {
      title: 'an input without a role renamed over all files',
      edit: [renamed('bAtTop', 'bPositionTop'), renamed('bStop', 'bHalt')],
      twin: [
        renamed('bAtTop', 'bPositionTop'),
        main('(eState = E_Lift.Up AND NOT GVL_IO.bPositionTop)', '(eState = E_Lift.Up AND NOT GVL_IO.bPalletTop)'),
      ],
    },
    {
      title: 'the parameters moved into the list of the panel as constants',
      edit: [
        removed('PLC/GVLs/GVL_Param.TcGVL'),
        added(
          'PLC/GVLs/GVL_Limits.TcGVL',
          gvl(
            'GVL_Limits',
            "{attribute 'qualified_only'}\nVAR_GLOBAL CONSTANT\n\tcMaxLoad : INT := 12000; // 1200 kg\n\tcTravelTime : TIME := T#25S;\nEND_VAR\n",
          ),
        ),
        renamed('GVL_Param', 'GVL_Limits'),
      ],
    },
    {
      title: 'one more test of the zone',
      edit: [
        zoneTest(
          "TEST 'free only after the reset'",
          "TEST 'a trip stays stored'\n  zone(bReset := TRUE);\n  zone(bHealthy := FALSE);\n  zone(bHealthy := TRUE, bReset := FALSE);\n  ASSERT_FALSE(zone.bFree);\nEND_TEST\n\nTEST 'free only after the reset'",
        ),
      ],
    },
    {
      title: 'a timeout of the lift stops the whole machine',
      edit: [main('OR GVL_IO.bStop OR bOverload THEN', 'OR GVL_IO.bStop OR bOverload OR fbLift.Timeout THEN')],
      twin: [main('OR GVL_IO.bStop OR bOverload THEN', 'OR GVL_IO.bStop AND NOT fbLift.Timeout OR bOverload THEN')],
    },
    {
      title: 'no start while a timeout of the lift is pending',
      edit: [main('ELSIF fbStart.Q THEN', 'ELSIF fbStart.Q AND NOT fbLift.Timeout THEN')],
      twin: [main('ELSIF fbStart.Q THEN', 'ELSIF fbStart.Q OR NOT fbLift.Timeout THEN')],
    },
    {
      title: 'the tracks wait for both gates',
      edit: [main('fbTop.On AND GVL_IO.bEStopOk AND', 'fbTop.On AND GVL_IO.bGateBottom AND GVL_IO.bEStopOk AND')],
    },
  ],
};
