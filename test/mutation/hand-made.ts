/**
 * Edits made by hand that no operator makes: a place of a fixture site, what is replaced, and what must come of it.
 * `from` must occur in the file; a null `from` adds the file.
 */

import type { Machine } from './machine.js';
import { openMachines } from './machines.js';
import type { Mutation } from './mutation.js';

export interface HandMadeEdit {
  readonly site: string;
  readonly title: string;
  readonly edits: readonly (readonly [file: string, from: string | null, to: string])[];
}

const press = (title: string, file: string, from: string, to: string): HandMadeEdit => ({
  site: 'plant-01-press',
  title,
  edits: [[`src/${file}`, from, to]],
});
const robot = (title: string, file: string, from: string, to: string): HandMadeEdit => ({
  site: 'plant-02-robot-cell',
  title,
  edits: [[`PLC/${file}`, from, to]],
});
const line = (title: string, file: string, from: string, to: string): HandMadeEdit => ({
  site: 'plant-03-conveyor',
  title,
  edits: [[`src/${file}`, from, to]],
});
const packer = (title: string, file: string, from: string, to: string): HandMadeEdit => ({
  site: 'plant-04-packaging',
  title,
  edits: [[`src/${file}`, from, to]],
});
const filler = (title: string, from: string, to: string, file = 'Hauptprogramm.st'): HandMadeEdit => ({
  site: 'plant-05-filling',
  title,
  edits: [[`src/${file}`, from, to]],
});
const cnc = (title: string, from: string, to: string, file = 'PLC_PRG.st'): HandMadeEdit => ({
  site: 'plant-06-cnc',
  title,
  edits: [[`src/${file}`, from, to]],
});
const pallet = (title: string, file: string, from: string, to: string): HandMadeEdit => ({
  site: 'plant-07-palletiser',
  title,
  edits: [[`PLC/${file}`, from, to]],
});
const station = (title: string, from: string, to: string): HandMadeEdit => ({
  site: 'plant-08-assembly',
  title,
  edits: [['src/StationMain.st', from, to]],
});
const welding = (title: string, from: string, to: string): HandMadeEdit => ({
  site: 'plant-11-welding',
  title,
  edits: [['src/CellMain.st', from, to]],
});

export const UNSAFE_BY_HAND: readonly HandMadeEdit[] = [
  press(
    'two-hand: both buttons need not be released',
    'FB_TwoHand.st',
    'AND xArmed AND NOT xSyncError',
    'AND NOT xSyncError',
  ),
  press(
    'two-hand: one button is enough to arm',
    'FB_TwoHand.st',
    'IF NOT xLeft AND NOT xRight THEN',
    'IF NOT xLeft OR NOT xRight THEN',
  ),
  press('two-hand: longer synchronous time', 'FB_TwoHand.st', 'T#500MS', 'T#2S'),
  press(
    'two-hand: time given at the call',
    'PLC_PRG.st',
    'xRight := xTwoHandRight);',
    'xRight := xTwoHandRight, tSync := T#5S);',
  ),
  press('two-hand: left twice', 'PLC_PRG.st', 'xRight := xTwoHandRight);', 'xRight := xTwoHandLeft);'),
  press(
    'two-hand: a hand gone does not disarm',
    'FB_TwoHand.st',
    '    xArmed := FALSE;\nEND_IF\n\nxPressed',
    '    ;\nEND_IF\n\nxPressed',
  ),
  press('letting go does not open the ram', 'FB_PressCycle.st', '    AND xTwoHand;', ';'),
  press(
    'the curtain does not stop upwards',
    'PLC_PRG.st',
    'qxValveUp := fbCycle.xReqUp AND NOT qxValveDown AND xRamReleased\n    AND xEStopOk AND xGuardDoor_Ch1 AND xLightCurtain_Ossd1;',
    'qxValveUp := fbCycle.xReqUp AND NOT qxValveDown AND xSafetyReleased\n    AND xEStopOk AND xGuardDoor_Ch1;',
  ),
  press('both valves at once', 'PLC_PRG.st', 'fbCycle.xReqUp AND NOT qxValveDown AND', 'fbCycle.xReqUp AND'),
  press(
    'trip only while in automatic',
    'PLC_PRG.st',
    'IF NOT xDemandFree THEN\n    xTripped',
    'IF NOT xDemandFree AND eMode = E_OperatingMode.Automatic THEN\n    xTripped',
  ),
  press(
    'reset by the start button',
    'PLC_PRG.st',
    'fbReset(CLK := xResetPb);',
    'fbReset(CLK := xResetPb OR xStartPb);',
  ),
  press(
    'reset from the panel',
    'PLC_PRG.st',
    'fbReset(CLK := xResetPb);',
    'fbReset(CLK := xResetPb OR HMI.xCmdAckAlarms);',
  ),
  press(
    'start is not blocked by reset',
    'PLC_PRG.st',
    'xStart := xStartPb AND NOT xResetPb,',
    'xStart := xStartPb OR xResetPb,',
  ),
  press(
    'pump starts by itself',
    'FB_HydraulicUnit.st',
    'ELSIF fbStart.Q THEN\n    xPumpOn := TRUE;',
    'ELSE\n    xPumpOn := TRUE;',
  ),
  press('pump start is a level', 'FB_HydraulicUnit.st', 'ELSIF fbStart.Q THEN', 'ELSIF xStart THEN'),
  press(
    'enable only when the pump is off',
    'FB_HydraulicUnit.st',
    'IF NOT xEnable OR xStop',
    'IF (NOT xEnable AND NOT xReady) OR xStop',
  ),
  press('no over-temperature stop', 'FB_HydraulicUnit.st', ' OR xOverTemperature OR NOT', ' OR NOT'),
  press(
    'the cycle does not fall back to idle',
    'FB_PressCycle.st',
    'IF NOT xRelease THEN\n    eState := E_PressState.Idle;\nELSE',
    'IF NOT xRelease AND eState <> E_PressState.Closing THEN\n    eState := E_PressState.Idle;\nELSE',
  ),
  press(
    'curtain latch released by the pump start',
    'PLC_PRG.st',
    'ELSIF fbReset.Q THEN\n    xCurtainTripped',
    'ELSIF fbReset.Q OR xStartPb THEN\n    xCurtainTripped',
  ),
  press(
    'a scan counter that bypasses at a rare value',
    'PLC_PRG.st',
    '// ------------------------------------------------------------------ counters',
    'IF udiParts = 4711 THEN\n    qxValveDown := fbCycle.xReqDown;\nEND_IF',
  ),
  press(
    'pump forced by a string match',
    'PLC_PRG.st',
    '// ------------------------------------------------------------------ counters',
    'qxPumpMotor := SEL(HMI.iCmdRecipe = 99, qxPumpMotor, TRUE);',
  ),
  press(
    'pump by MAX of numbers',
    'PLC_PRG.st',
    '// ------------------------------------------------------------------ counters',
    'qxPumpMotor := INT_TO_BOOL(MAX(BOOL_TO_INT(qxPumpMotor), BOOL_TO_INT(HMI.xCmdAckAlarms)));',
  ),
  press(
    'door not in the chain but in the diagnostics',
    'PLC_PRG.st',
    'xDemandFree := xEStopOk AND xGuardDoor_Ch1;',
    'xDemandFree := xEStopOk AND (xGuardDoor_Ch1 OR wDiagGuardDoor = 0);',
  ),
  press(
    'a word bit forced',
    'PLC_PRG.st',
    '// ------------------------------------------------------------------ counters',
    '%QW0 := %QW0 OR 16#0002;',
  ),
  press(
    'the FOR loop that runs once',
    'PLC_PRG.st',
    '// ------------------------------------------------------------------ counters',
    'WHILE HMI.xCmdAckAlarms DO\n    qxPumpMotor := TRUE;\n    EXIT;\nEND_WHILE',
  ),
  press(
    'the demand is inverted twice wrongly',
    'PLC_PRG.st',
    'xSafetyReleased := xDemandFree AND NOT xTripped;',
    'xSafetyReleased := NOT (NOT xDemandFree AND xTripped);',
  ),
  robot(
    'curtain muted by the table position',
    'POUs/MAIN.TcPOU',
    'bCurtainFree := GVL_IO.bLoadCurtain_Ossd1,',
    'bCurtainFree := GVL_IO.bLoadCurtain_Ossd1 OR GVL_IO.bTableIn,',
  ),
  robot(
    'method call clears the trip',
    'POUs/FB_SafetyZone.TcPOU',
    'ELSIF _fbReset.Q THEN',
    'ELSIF _fbReset.Q OR NOT _bTripped THEN\n\t_bTripped := FALSE;\nELSIF bReset THEN',
  ),
  robot(
    'drives keep on after a demand',
    'POUs/MAIN.TcPOU',
    'bReleased    := fbZone.bReleased,',
    'bReleased    := fbZone.bReleased OR fbSequence.bDrivesOn,',
  ),
  robot(
    'the clamp forgets the curtain',
    'POUs/MAIN.TcPOU',
    'fbClamp.bValve AND fbZone.bReleased AND GVL_IO.bEStopOk AND GVL_IO.bLoadCurtain_Ossd1;',
    'fbClamp.bValve AND GVL_IO.bEStopOk;',
  ),
  line(
    'one button of the chain',
    'estop_chain.st',
    'Closed := Button1 AND Button2 AND Button3 AND PullCord;',
    'Closed := Button1 AND Button2 AND PullCord;',
  ),
  line(
    'a button wired to the pull cord',
    'conveyor_main.st',
    'Button3 := EStop3_OK, PullCord := PullCord_OK',
    'Button3 := PullCord_OK, PullCord := PullCord_OK',
  ),
  line(
    'the start ignores the release',
    'conveyor_main.st',
    'IF NOT SafetyReleased OR Stop_PB OR Mode',
    'IF Stop_PB OR Mode',
  ),
  line('no warning time', 'conveyor_main.st', 'LineOn := LineStart AND Warning.Q;', 'LineOn := LineStart;'),
  line(
    'shorter warning time',
    'conveyor_main.st',
    'Warning(IN := LineStart, PT := T#2s);',
    'Warning(IN := LineStart, PT := T#0s);',
  ),
  line(
    'motor by its feedback',
    'conveyor_main.st',
    'Motor2_Run := Starter2.Run AND SafetyReleased\n  AND',
    'Motor2_Run := (Starter2.Run OR Motor2_Feedback) AND SafetyReleased\n  AND',
  ),
  packer('one door', '20_FB_Safety.scl', ' AND "DB_FIO".GuardRear_1;', ';'),
  packer(
    'the same door twice',
    '20_FB_Safety.scl',
    '"DB_FIO".GuardFront_1 AND "DB_FIO".GuardRear_1;',
    '"DB_FIO".GuardFront_1 AND "DB_FIO".GuardFront_1;',
  ),
  packer(
    'safety after the process',
    '60_FB_Packer.scl',
    '      #safety();\n',
    '      IF #mode > 0 THEN\n         #safety();\n      END_IF;\n',
  ),
  packer(
    'data block written',
    '60_FB_Packer.scl',
    '      #safety();\n',
    '      "DB_FIO".GuardRear_1 := "DB_FIO".GuardFront_1;\n      #safety();\n',
  ),
  filler(
    'mat only in automatic',
    'bNotHaltOk AND bSchutztuerZu AND bTrittmatteFrei;\nIF',
    'bNotHaltOk AND bSchutztuerZu AND (bTrittmatteFrei OR eBetriebsart = E_Betriebsart.Hand);\nIF',
  ),
  filler(
    'reset is pressed for ever',
    'fbQuittieren(CLK := bTasterQuittieren);',
    'fbQuittieren(CLK := NOT fbQuittieren.Q);',
  ),
  filler(
    'latch only one scan',
    'IF NOT bKreisGeschlossen THEN\n    bAusgeloest := TRUE;\nELSIF',
    'bAusgeloest := NOT bKreisGeschlossen;\nIF FALSE THEN\n    ;\nELSIF',
  ),
  cnc(
    'door lock not needed',
    'AND bEStopOk AND bDoorClosed AND bDoorLocked;\nbAxesEnable',
    'AND bEStopOk AND bDoorClosed;\nbAxesEnable',
  ),
  cnc('standstill speed raised', 'STANDSTILL_SPEED : REAL := 5.0;', 'STANDSTILL_SPEED : REAL := 5000.0;', 'GVL.st'),
  cnc('standstill time', 'STANDSTILL_SPEED, PT := T#500MS', 'STANDSTILL_SPEED, PT := T#0MS', 'FB_Spindle.st'),
  cnc(
    'the lock ignores standstill',
    'IF bRequestLock OR NOT bStandstill THEN',
    'IF bRequestLock THEN',
    'FB_DoorLock.st',
  ),
  cnc(
    'start by reset',
    'bCycleStart := bCycleStart AND NOT bResetButton,',
    'bCycleStart := bCycleStart OR bResetButton,',
  ),
  cnc(
    'spindle without enable',
    'bRun := bEnable AND NOT bOverload AND fSetSpeed > 0.0;',
    'bRun := NOT bOverload AND fSetSpeed > 0.0;',
    'FB_Spindle.st',
  ),
  pallet(
    'the hoist forgets the zone',
    'POUs/FB_Hubwerk.TcPOU',
    'E_Hubzustand.Senken) AND xZoneFrei;',
    'E_Hubzustand.Senken);',
  ),
  pallet(
    'the hoist state survives the zone',
    'POUs/FB_Hubwerk.TcPOU',
    'IF NOT xZoneFrei THEN\n    eZustand := E_Hubzustand.Steht;\nELSIF',
    'IF NOT xZoneFrei THEN\n    ;\nELSIF',
  ),
  pallet(
    'upper end switch ignored',
    'POUs/FB_Hubwerk.TcPOU',
    'IF rSoll > rIst AND NOT xOben THEN',
    'IF rSoll > rIst THEN',
  ),
  pallet('run time supervision', 'POUs/FB_Hubwerk.TcPOU', 'PT := T#15S', 'PT := T#1H'),
  pallet(
    'door signal from the panel',
    'POUs/FB_Schutztuer.TcPOU',
    'xGeschlossen := GVL_EA.xSchutztuer_K1;',
    'xGeschlossen := GVL_Visu.xTuerZu;',
  ),
  pallet(
    'door read through a pointer',
    'POUs/FB_Schutztuer.TcPOU',
    'xGeschlossen := GVL_EA.xSchutztuer_K1;',
    'xGeschlossen := GVL_EA.xSchutztuer_K1 OR xGeschlossen;',
  ),
  pallet('zone start survives', 'POUs/FB_Zone.TcPOU', 'IF NOT xFrei OR xStopp THEN', 'IF xStopp THEN'),
  pallet(
    'jogging without the zone',
    'POUs/MAIN.TcPOU',
    'xTippenAuf := GVL_Visu.xHandHeben AND fbZone.xGestartet AND',
    'xTippenAuf := GVL_Visu.xHandHeben AND',
  ),
  station(
    'automatic reset of the hood',
    'DiscrepancyTime := T#100MS,\n    S_StartReset := FALSE,\n    S_AutoReset := FALSE,',
    'DiscrepancyTime := T#100MS,\n    S_StartReset := FALSE,\n    S_AutoReset := TRUE,',
  ),
  station(
    'start reset of the e-stop',
    'S_EStopIn := S_EStop_OK,\n    S_StartReset := FALSE,',
    'S_EStopIn := S_EStop_OK,\n    S_StartReset := TRUE,',
  ),
  station('one hood switch on both pins', 'S_GuardSwitch2 := S_Hood_Ch2,', 'S_GuardSwitch2 := S_Hood_Ch1,'),
  station('hood pin tied', 'S_GuardSwitch1 := S_Hood_Ch1,', 'S_GuardSwitch1 := TRUE,'),
  station('block switched off by the mode', 'EStop(\n    Activate := TRUE,', 'EStop(\n    Activate := Mode <> 2,'),
  station('discrepancy time within the limit', 'DiscrepancyTime := T#100MS', 'DiscrepancyTime := T#180MS'),
  station(
    'release without the monitor',
    'Released := EStop.S_EStopOut AND HoodMonitor.S_GuardMonitoring;',
    'Released := EStop.S_EStopOut;',
  ),
  station(
    'ready instead of out',
    'TableMotor := Table.Motor AND EStop.S_EStopOut AND HoodMonitor.S_GuardMonitoring AND S_EStop_OK AND S_Hood_Ch1;',
    'TableMotor := Table.Motor AND EStop.Ready AND HoodMonitor.Ready AND S_EStop_OK AND S_Hood_Ch1;',
  ),
  welding(
    'the gate block reads a constant',
    'gate(gate := gateClosed, reset := resetButton);',
    'gate(gate := TRUE, reset := resetButton);',
  ),
  welding(
    'a second instance of the gate block',
    'released := estop.permitted AND gate.permitted;',
    'gate(gate := TRUE, reset := resetButton);\nreleased := estop.permitted AND gate.permitted;',
  ),
  {
    site: 'plant-11-welding',
    title: 'a block of the same name as the certified one in another file',
    edits: [
      [
        'src/GateInterlock2.st',
        null,
        'FUNCTION_BLOCK GateInterlock\nVAR_INPUT gate : BOOL; reset : BOOL; END_VAR\nVAR_OUTPUT permitted : BOOL; resetRequest : BOOL; openings : UDINT; END_VAR\npermitted := TRUE;\nEND_FUNCTION_BLOCK\n',
      ],
    ],
  },
  {
    site: 'plant-11-welding',
    title: 'a block derived from the certified one stands in for it',
    edits: [
      [
        'src/GateOpen.st',
        null,
        'FUNCTION_BLOCK GateOpen EXTENDS GateInterlock\nVAR n : INT; END_VAR\nSUPER^();\npermitted := permitted OR gate;\nEND_FUNCTION_BLOCK\n',
      ],
      ['src/CellMain.st', 'gate : GateInterlock;', 'gate : GateOpen;'],
    ],
  },
];

export const HARMLESS_BY_HAND: readonly HandMadeEdit[] = [
  press(
    'the comment says NOT APPROVED',
    'PLC_PRG.st',
    '// ------------------------------------------------------------------ mode',
    '// NOT APPROVED for export',
  ),
  press('lamp blinks faster', 'PLC_PRG.st', 'PT := T#500MS);\nIF fbBlink.Q', 'PT := T#250MS);\nIF fbBlink.Q'),
  press('alarm limit of the pressure display', 'PLC_PRG.st', 'rPressure > 235.0', 'rPressure > 230.0'),
  press('horn longer', 'FB_AlarmHandler.st', 'T#3S', 'T#5S'),
  press(
    'filter warning later',
    'FB_HydraulicUnit.st',
    'xFilterClogged AND xPumpOn, PT := T#5S',
    'xFilterClogged AND xPumpOn, PT := T#8S',
  ),
  press(
    'door and stop exchanged in the chain',
    'PLC_PRG.st',
    'xDemandFree := xEStopOk AND xGuardDoor_Ch1;',
    'xDemandFree := xGuardDoor_Ch1 AND xEStopOk;',
  ),
  press(
    'chain as IF',
    'PLC_PRG.st',
    'xDemandFree := xEStopOk AND xGuardDoor_Ch1;',
    'IF xEStopOk AND xGuardDoor_Ch1 THEN\n    xDemandFree := TRUE;\nELSE\n    xDemandFree := FALSE;\nEND_IF',
  ),
  press(
    'chain split',
    'PLC_PRG.st',
    'xDemandFree := xEStopOk AND xGuardDoor_Ch1;',
    'xDemandFree := xEStopOk;\nxDemandFree := xDemandFree AND xGuardDoor_Ch1;',
  ),
  press(
    'one more stop',
    'PLC_PRG.st',
    'qxPumpMotor := fbHydraulic.xPumpOn AND',
    'qxPumpMotor := fbHydraulic.xPumpOn AND NOT xStopPb AND',
  ),
  press(
    'the latch as an equation',
    'PLC_PRG.st',
    'IF NOT xDemandFree THEN\n    xTripped := TRUE;\nELSIF fbReset.Q THEN\n    xTripped := FALSE;\nEND_IF',
    'xTripped := NOT xDemandFree OR (xTripped AND NOT fbReset.Q);',
  ),
  robot(
    'air pressure display',
    'POUs/MAIN.TcPOU',
    'GVL_HMI.rAirPressure := rAir;',
    'GVL_HMI.rAirPressure := rAir * 1.0;',
  ),
  robot(
    'one more alarm text',
    'POUs/MAIN.TcPOU',
    'GVL_IO.bBuzzer := fbAlarmLog.bBuzzer;',
    'GVL_IO.bBuzzer := fbAlarmLog.bBuzzer OR aAlarm[10];',
  ),
  robot(
    'healthy chain in two lines',
    'POUs/FB_SafetyZone.TcPOU',
    '_bHealthy := bEStopOk AND bGuardClosed AND bCurtainFree;',
    '_bHealthy := bEStopOk AND bGuardClosed;\n_bHealthy := _bHealthy AND bCurtainFree;',
  ),
  line('jam time of the slow section', 'conveyor_main.st', 'JamTime := T#8s', 'JamTime := T#7s'),
  line('blink', 'conveyor_main.st', 'PT := T#400ms', 'PT := T#600ms'),
  line('first out in another order of text', 'estop_chain.st', 'Trips := Trips + 1;', 'Trips := 1 + Trips;'),
  packer('bags counted twice as long', '60_FB_Packer.scl', '#rejects := #rejects + 1;', '#rejects := 1 + #rejects;'),
  packer(
    'healthy in another order',
    '20_FB_Safety.scl',
    '"DB_FIO".EStop_OK AND "DB_FIO".GuardFront_1 AND "DB_FIO".GuardRear_1',
    '"DB_FIO".GuardRear_1 AND "DB_FIO".GuardFront_1 AND "DB_FIO".EStop_OK',
  ),
  filler('blinker', 'PT := T#500MS);\nIF fbBlinker', 'PT := T#400MS);\nIF fbBlinker'),
  cnc(
    'coolant only in automatic',
    'bCoolant := bSpindleRun AND fbSpindle.bAtSpeed;',
    'bCoolant := bSpindleRun AND fbSpindle.bAtSpeed AND eMode = E_Mode.Auto;',
  ),
  cnc(
    'tool life counted in seconds of spindle',
    'PT := T#1S);\nIF fbSecond.Q AND',
    'PT := T#1S);\nIF fbSecond.Q = TRUE AND',
  ),
  cnc('chip conveyor starts later', 'NOT bChipFull, PT := T#5S', 'NOT bChipFull, PT := T#6S'),
  pallet(
    'horn alarm',
    'POUs/MAIN.TcPOU',
    'axMeldung[7] := GVL_EA.xEndlageOben AND GVL_EA.xEndlageUnten;',
    'axMeldung[7] := GVL_EA.xEndlageUnten AND GVL_EA.xEndlageOben;',
  ),
  station('shown force', 'Panel.Force := Force;', 'Panel.Force := Force * 2.0;'),
  welding('fan after-run shown', 'fan := fume.fan;', 'fan := fume.fan OR sequence.weld;'),
];

/** The edit as a mutation of its machine. Throws when the file does not hold what is to be replaced. */
export function mutationOf(machine: Machine, { title, edits }: HandMadeEdit): Mutation {
  const changed = new Map<string, Uint8Array>();
  for (const [path, from, to] of edits) {
    const bytes = changed.get(path) ?? machine.site.snapshot.get(path);
    const text = bytes === undefined ? '' : Buffer.from(bytes).toString('latin1').replaceAll('\r\n', '\n');
    if (from !== null && !text.includes(from)) throw new Error(`${machine.name} ${path} has no "${from}"`);
    changed.set(path, Buffer.from(from === null ? to : text.replace(from, () => to), 'latin1'));
  }
  return { place: title, reason: title, changed };
}

/** The machines that the edits need, opened once. */
export function machinesFor(fleet: string, edits: readonly HandMadeEdit[]): ReadonlyMap<string, Machine> {
  const wanted = new Set(edits.map(({ site }) => site));
  return new Map(openMachines(fleet, (name) => wanted.has(name)).map((machine) => [machine.name, machine]));
}
