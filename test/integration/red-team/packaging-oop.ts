/** A packaging machine in TwinCAT with inheritance, interfaces, methods and properties, in .TcPOU files. */

import { type Files, inFile, type RedTeamMachine } from './red-team-machine.js';

const HEAD = '<?xml version="1.0" encoding="utf-8"?>\n<TcPlcObject Version="1.1.0.1" ProductVersion="3.1.4024.12">\n';

interface Part {
  readonly name: string;
  readonly declaration: string;
  readonly body: string;
}

const section = (tag: string, { name, declaration, body }: Part): string =>
  `    <${tag} Name="${name}" Id="{00000000-0000-0000-0000-000000000000}">\n      <Declaration><![CDATA[${declaration}]]></Declaration>\n      <Implementation>\n        <ST><![CDATA[${body}]]></ST>\n      </Implementation>\n    </${tag}>\n`;

const property = ({ name, declaration, body }: Part): string =>
  `    <Property Name="${name}" Id="{00000000-0000-0000-0000-000000000000}">\n      <Declaration><![CDATA[${declaration}]]></Declaration>\n      <Get Name="Get" Id="{00000000-0000-0000-0000-000000000000}">\n        <Declaration><![CDATA[VAR\nEND_VAR\n]]></Declaration>\n        <Implementation>\n          <ST><![CDATA[${body}]]></ST>\n        </Implementation>\n      </Get>\n    </Property>\n`;

const pou = (main: Part, methods: readonly Part[] = [], properties: readonly Part[] = []): string =>
  `${HEAD}  <POU Name="${main.name}" Id="{00000000-0000-0000-0000-000000000000}" SpecialFunc="None">\n    <Declaration><![CDATA[${main.declaration}]]></Declaration>\n    <Implementation>\n      <ST><![CDATA[${main.body}]]></ST>\n    </Implementation>\n${methods.map((each) => section('Method', each)).join('')}${properties.map(property).join('')}  </POU>\n</TcPlcObject>\n`;

const files: Files = {
  'plantwright.yaml': `site: cartoner
dialect: twincat
sources: [PLC/**]
entry: MAIN
cycle: 10ms
safety:
  rating: SIL-2
  performance_level: d
  signals:
    - { tag: GVL_In.bEmergency, role: estop, zone: machine }
    - { tag: GVL_In.bHoodLeft, role: guard, zone: machine }
    - { tag: GVL_In.bHoodRight, role: guard, zone: machine }
    - { tag: GVL_In.bAck, role: reset, zone: machine }
    - { tag: GVL_In.bStart, role: start, zone: machine }
    - { tag: GVL_Out.bMainDrive, role: hazard, zone: machine }
    - { tag: GVL_Out.bPusher, role: hazard, zone: machine }
    - { tag: GVL_Out.bGlueHeat, role: hazard, zone: glue, requires: [GVL_In.bEmergency] }
    - { tag: GVL_Panel.*, role: operator }
`,
  'PLC/GVL_In.TcGVL': `${HEAD}  <GVL Name="GVL_In" Id="{00000000-0000-0000-0000-000000000000}">\n    <Declaration><![CDATA[{attribute 'qualified_only'}
VAR_GLOBAL
	bEmergency AT %I* : BOOL; // chain closed
	bHoodLeft AT %I* : BOOL;
	bHoodRight AT %I* : BOOL;
	bAck AT %I* : BOOL;
	bStart AT %I* : BOOL;
	bJog AT %I* : BOOL;
	bCarton AT %I* : BOOL;
	nGlueTemp AT %I* : INT; // 0.1 degC
END_VAR
]]></Declaration>\n  </GVL>\n</TcPlcObject>\n`,
  'PLC/GVL_Out.TcGVL': `${HEAD}  <GVL Name="GVL_Out" Id="{00000000-0000-0000-0000-000000000000}">\n    <Declaration><![CDATA[{attribute 'qualified_only'}
VAR_GLOBAL
	bMainDrive AT %Q* : BOOL;
	bPusher AT %Q* : BOOL;
	bGlueHeat AT %Q* : BOOL;
	bLamp AT %Q* : BOOL;
END_VAR
VAR_GLOBAL CONSTANT
	cGlueMax : INT := 1900; // 190.0 degC
	cGlueSensorBreak : INT := 8500;
END_VAR
]]></Declaration>\n  </GVL>\n</TcPlcObject>\n`,
  'PLC/GVL_Panel.TcGVL': `${HEAD}  <GVL Name="GVL_Panel" Id="{00000000-0000-0000-0000-000000000000}">\n    <Declaration><![CDATA[{attribute 'qualified_only'}
VAR_GLOBAL
	bGlueOn : BOOL;
	bCleaning : BOOL;
	nCartons : UDINT;
END_VAR
]]></Declaration>\n  </GVL>\n</TcPlcObject>\n`,
  'PLC/I_Zone.TcIO': `${HEAD}  <Itf Name="I_Zone" Id="{00000000-0000-0000-0000-000000000000}">\n    <Declaration><![CDATA[INTERFACE I_Zone
]]></Declaration>\n    <Method Name="IsFree" Id="{00000000-0000-0000-0000-000000000000}">\n      <Declaration><![CDATA[METHOD IsFree : BOOL
]]></Declaration>\n    </Method>\n  </Itf>\n</TcPlcObject>\n`,
  'PLC/FB_Zone.TcPOU': pou(
    {
      name: 'FB_Zone',
      declaration: `FUNCTION_BLOCK FB_Zone IMPLEMENTS I_Zone
VAR_INPUT
	bEmergency : BOOL;
	bAck : BOOL;
END_VAR
VAR
	_bTripped : BOOL := TRUE;
	_fbAck : R_TRIG;
END_VAR
`,
      body: `_fbAck(CLK := bAck);
IF NOT Healthy() THEN
	_bTripped := TRUE;
ELSIF _fbAck.Q THEN
	_bTripped := FALSE;
END_IF
`,
    },
    [
      { name: 'Healthy', declaration: 'METHOD PROTECTED Healthy : BOOL\n', body: 'Healthy := bEmergency;\n' },
      { name: 'IsFree', declaration: 'METHOD IsFree : BOOL\n', body: 'IsFree := Healthy() AND NOT _bTripped;\n' },
    ],
    [{ name: 'Tripped', declaration: 'PROPERTY Tripped : BOOL\n', body: 'Tripped := _bTripped;\n' }],
  ),
  'PLC/FB_HoodZone.TcPOU': pou(
    {
      name: 'FB_HoodZone',
      declaration: `FUNCTION_BLOCK FB_HoodZone EXTENDS FB_Zone
VAR_INPUT
	bLeft : BOOL;
	bRight : BOOL;
END_VAR
`,
      body: 'SUPER^();\n',
    },
    [
      {
        name: 'Healthy',
        declaration: 'METHOD PROTECTED Healthy : BOOL\n',
        body: 'Healthy := SUPER^.Healthy() AND bLeft AND bRight;\n',
      },
    ],
  ),
  'PLC/FB_Drive.TcPOU': pou(
    {
      name: 'FB_Drive',
      declaration: `FUNCTION_BLOCK FB_Drive
VAR
	_bRun : BOOL;
END_VAR
`,
      body: '',
    },
    [
      { name: 'Start', declaration: 'METHOD Start\n', body: '_bRun := TRUE;\n' },
      { name: 'Halt', declaration: 'METHOD Halt\n', body: '_bRun := FALSE;\n' },
      {
        name: 'Output',
        declaration: 'METHOD Output : BOOL\nVAR_INPUT\n\tbFree : BOOL;\nEND_VAR\n',
        body: 'IF NOT bFree THEN\n\tHalt();\nEND_IF\nOutput := _bRun AND bFree;\n',
      },
    ],
    [{ name: 'Running', declaration: 'PROPERTY Running : BOOL\n', body: 'Running := _bRun;\n' }],
  ),
  'PLC/FB_Glue.TcPOU': pou({
    name: 'FB_Glue',
    declaration: `FUNCTION_BLOCK FB_Glue
VAR_INPUT
	bOn : BOOL;
	nTemp : INT;
END_VAR
VAR_OUTPUT
	bHeat : BOOL;
	bFault : BOOL;
END_VAR
VAR
	_nSetpoint : INT := 1650;
END_VAR
`,
    body: `IF nTemp > GVL_Out.cGlueMax OR nTemp < 0 OR nTemp > GVL_Out.cGlueSensorBreak THEN
	bFault := TRUE;
ELSIF NOT bOn THEN
	bFault := FALSE;
END_IF
IF nTemp < _nSetpoint - 20 THEN
	bHeat := TRUE;
ELSIF nTemp > _nSetpoint + 20 THEN
	bHeat := FALSE;
END_IF
bHeat := bHeat AND bOn AND NOT bFault;
`,
  }),
  'PLC/MAIN.TcPOU': pou({
    name: 'MAIN',
    declaration: `PROGRAM MAIN
VAR
	fbZone : FB_HoodZone;
	fbMain : FB_Drive;
	fbPush : FB_Drive;
	fbGlue : FB_Glue;
	iZone : I_Zone;
	fbStart : R_TRIG;
	fbCarton : R_TRIG;
	bFree : BOOL;
END_VAR
`,
    body: `fbZone(
	bEmergency := GVL_In.bEmergency,
	bLeft := GVL_In.bHoodLeft,
	bRight := GVL_In.bHoodRight,
	bAck := GVL_In.bAck);
iZone := fbZone;
bFree := iZone.IsFree();

fbStart(CLK := GVL_In.bStart);
fbCarton(CLK := GVL_In.bCarton);
IF fbStart.Q AND bFree THEN
	fbMain.Start();
END_IF
IF fbCarton.Q AND fbMain.Running THEN
	fbPush.Start();
	GVL_Panel.nCartons := GVL_Panel.nCartons + 1;
ELSIF NOT GVL_In.bCarton THEN
	fbPush.Halt();
END_IF
GVL_Out.bMainDrive := fbMain.Output(bFree := bFree);
GVL_Out.bPusher := fbPush.Output(bFree := bFree) AND GVL_Out.bMainDrive;

// glue stays warm with the hood open
fbGlue(bOn := GVL_Panel.bGlueOn, nTemp := GVL_In.nGlueTemp);
GVL_Out.bGlueHeat := fbGlue.bHeat AND GVL_In.bEmergency;

GVL_Out.bLamp := fbZone.Tripped;
`,
  }),
};

const main = inFile('PLC/MAIN.TcPOU');
const zone = inFile('PLC/FB_Zone.TcPOU');
const hood = inFile('PLC/FB_HoodZone.TcPOU');
const drive = inFile('PLC/FB_Drive.TcPOU');
const glue = inFile('PLC/FB_Glue.TcPOU');

const simulatedZone = pou(
  { name: 'FB_SimZone', declaration: 'FUNCTION_BLOCK FB_SimZone IMPLEMENTS I_Zone\n', body: '' },
  [{ name: 'IsFree', declaration: 'METHOD IsFree : BOOL\n', body: 'IsFree := TRUE;\n' }],
);
const setUpZone = pou(
  { name: 'FB_SetUpZone', declaration: 'FUNCTION_BLOCK FB_SetUpZone EXTENDS FB_HoodZone\n', body: 'SUPER^();\n' },
  [
    {
      name: 'IsFree',
      declaration: 'METHOD IsFree : BOOL\n',
      body: 'IsFree := SUPER^.IsFree() OR GVL_Panel.bCleaning;\n',
    },
  ],
);

export const PACKAGING: RedTeamMachine = {
  name: 'packaging, object-oriented',
  files,
  unsafe: [
    hood('the overriding method forgets its base', [
      'Healthy := SUPER^.Healthy() AND bLeft AND bRight;',
      'Healthy := bLeft AND bRight;',
    ]),
    hood('the overriding method returns TRUE', [
      'Healthy := SUPER^.Healthy() AND bLeft AND bRight;',
      'Healthy := TRUE;',
    ]),
    hood('one side is asked twice', ['bLeft AND bRight', 'bLeft AND bLeft']),
    hood('the base is not called any more', ['SUPER^();', '']),
    hood(
      'the override is renamed, so that the base method counts',
      ['<Method Name="Healthy"', '<Method Name="HoodsHealthy"'],
      ['METHOD PROTECTED Healthy', 'METHOD PROTECTED HoodsHealthy'],
      ['Healthy := SUPER', 'HoodsHealthy := SUPER'],
    ),
    hood('the hoods in an OR', ['bLeft AND bRight', '(bLeft OR bRight)']),
    zone('the getter of the release ignores the latch', [
      'IsFree := Healthy() AND NOT _bTripped;',
      'IsFree := Healthy();',
    ]),
    zone(
      'the release is only the latch, and the latch is called at intervals',
      ['IsFree := Healthy() AND NOT _bTripped;', 'IsFree := NOT _bTripped;'],
      ['IF NOT Healthy() THEN', 'IF NOT Healthy() AND NOT GVL_Panel.bCleaning THEN'],
    ),
    zone('the latch is set free by the panel', ['ELSIF _fbAck.Q THEN', 'ELSIF _fbAck.Q OR GVL_Panel.bCleaning THEN']),
    zone('level instead of edge', ['ELSIF _fbAck.Q THEN', 'ELSIF bAck THEN']),
    zone('the latch starts free', ['_bTripped : BOOL := TRUE;', '_bTripped : BOOL;']),
    zone('the base method returns TRUE for a derived block without e-stop', [
      'Healthy := bEmergency;',
      'Healthy := TRUE;',
    ]),
    drive('the output method no longer halts', ['IF NOT bFree THEN\n\tHalt();\nEND_IF\n', '']),
    drive(
      'the output method ignores its input',
      ['Output := _bRun AND bFree;', 'Output := _bRun;'],
      ['IF NOT bFree THEN\n\tHalt();\nEND_IF\n', ''],
    ),
    drive('the halt is done after the output', [
      'IF NOT bFree THEN\n\tHalt();\nEND_IF\nOutput := _bRun AND bFree;',
      'Output := _bRun;\nIF NOT bFree THEN\n\tHalt();\nEND_IF',
    ]),
    drive('halt does nothing', ['_bRun := FALSE;', ';']),
    main(
      'the simulated zone takes the place of the real one',
      ['iZone := fbZone;', 'iZone := fbSim;'],
      ['iZone : I_Zone;', 'iZone : I_Zone;\n\tfbSim : FB_HoodZone;'],
    ),
    {
      title: 'an interface that points to a simulated zone',
      replacements: [
        ['PLC/MAIN.TcPOU', 'iZone := fbZone;', 'iZone := fbSim;'],
        ['PLC/MAIN.TcPOU', 'iZone : I_Zone;', 'iZone : I_Zone;\n\tfbSim : FB_SimZone;'],
      ],
      added: { 'PLC/FB_SimZone.TcPOU': simulatedZone },
    },
    {
      title: 'an interface that points to a simulated zone while cleaning',
      replacements: [
        [
          'PLC/MAIN.TcPOU',
          'iZone := fbZone;',
          'IF GVL_Panel.bCleaning THEN\n\tiZone := fbSim;\nELSE\n\tiZone := fbZone;\nEND_IF',
        ],
        ['PLC/MAIN.TcPOU', 'iZone : I_Zone;', 'iZone : I_Zone;\n\tfbSim : FB_SimZone;'],
      ],
      added: { 'PLC/FB_SimZone.TcPOU': simulatedZone },
    },
    {
      title: 'the instance gets a derived type that opens for cleaning',
      replacements: [['PLC/MAIN.TcPOU', 'fbZone : FB_HoodZone;', 'fbZone : FB_SetUpZone;']],
      added: { 'PLC/FB_SetUpZone.TcPOU': setUpZone },
    },
    main(
      'the instance gets the base type',
      ['fbZone : FB_HoodZone;', 'fbZone : FB_Zone;'],
      ['\tbLeft := GVL_In.bHoodLeft,\n\tbRight := GVL_In.bHoodRight,\n', ''],
    ),
    main('the pusher asks another release', [
      'fbPush.Output(bFree := bFree) AND GVL_Out.bMainDrive',
      'fbPush.Output(bFree := TRUE)',
    ]),
    main('jogging goes round the release', [
      'fbMain.Output(bFree := bFree);',
      'fbMain.Output(bFree := bFree OR GVL_In.bJog);',
    ]),
    main(
      'the release is read before the zone is called',
      ['fbZone(\n', 'bFree := iZone <> 0 AND_THEN iZone.IsFree();\nfbZone(\n'],
      ['bFree := iZone.IsFree();\n\nfbStart', '\nfbStart'],
    ),
    main(
      'the method is called by a pointer with the release tied',
      [
        'GVL_Out.bMainDrive := fbMain.Output(bFree := bFree);',
        'pDrive := ADR(fbMain);\nGVL_Out.bMainDrive := pDrive^.Output(bFree := TRUE);',
      ],
      ['iZone : I_Zone;', 'iZone : I_Zone;\n\tpDrive : POINTER TO FB_Drive;'],
    ),
    main(
      'a reference writes the output afterwards',
      [
        'GVL_Out.bLamp := fbZone.Tripped;',
        'rDrive REF= GVL_Out.bMainDrive;\nrDrive := GVL_In.bJog;\nGVL_Out.bLamp := fbZone.Tripped;',
      ],
      ['iZone : I_Zone;', 'iZone : I_Zone;\n\trDrive : REFERENCE TO BOOL;'],
    ),
    main('the heater forgets the chain', ['fbGlue.bHeat AND GVL_In.bEmergency', 'fbGlue.bHeat']),
    main('left hood for both', ['bRight := GVL_In.bHoodRight', 'bRight := GVL_In.bHoodLeft']),
    main('the drive starts by the level of the button after each acknowledgement', [
      'IF fbStart.Q AND bFree THEN',
      'IF GVL_In.bStart AND bFree THEN',
    ]),
    main('acknowledging starts', ['IF fbStart.Q AND bFree THEN', 'IF (fbStart.Q OR GVL_In.bAck) AND bFree THEN']),
    glue(
      'the two sides of the control are swapped',
      ['IF nTemp < _nSetpoint - 20', 'IF nTemp > _nSetpoint - 20'],
      ['ELSIF nTemp > _nSetpoint + 20', 'ELSIF nTemp < _nSetpoint + 20'],
    ),
    glue('the over-temperature clears itself', ['ELSIF NOT bOn THEN', 'ELSE']),
    glue('the fault no longer cuts the heater', ['bHeat := bHeat AND bOn AND NOT bFault;', 'bHeat := bHeat AND bOn;']),
    inFile('PLC/GVL_Out.TcGVL')('the limit in degrees times hundred', [
      'cGlueMax : INT := 1900',
      'cGlueMax : INT := 19000',
    ]),
    inFile('PLC/GVL_Out.TcGVL')('the limit may be written', [
      'VAR_GLOBAL CONSTANT\n\tcGlueMax',
      'VAR_GLOBAL\n\tcGlueMax',
    ]),
    glue(
      'the set point is above the limit',
      ['_nSetpoint : INT := 1650', '_nSetpoint : INT := 2650'],
      ['nTemp > GVL_Out.cGlueMax OR', 'nTemp > GVL_Out.cGlueMax * 2 OR'],
    ),
    zone(
      'the tripped property lies',
      ['Tripped := _bTripped;', 'Tripped := FALSE;'],
      ['IsFree := Healthy() AND NOT _bTripped;', 'IsFree := Healthy() AND NOT Tripped;'],
    ),
    hood('a hood input is preset by the derived block', ['SUPER^();', 'bRight := TRUE;\nSUPER^();']),
    main(
      'the second drive shares the instance',
      ['fbPush.Start();', 'fbMain.Start();'],
      [
        'GVL_Out.bPusher := fbPush.Output(bFree := bFree) AND GVL_Out.bMainDrive;',
        'GVL_Out.bPusher := fbMain.Running;',
      ],
    ),
  ],
  harmless: [
    main(
      'without the interface',
      ['iZone := fbZone;\nbFree := iZone.IsFree();', 'bFree := fbZone.IsFree();'],
      ['\tiZone : I_Zone;\n', ''],
    ),
    main(
      'the cartons in a variable',
      ['GVL_Panel.nCartons := GVL_Panel.nCartons + 1;', 'nCount := nCount + 1;\n\tGVL_Panel.nCartons := nCount;'],
      ['\tbFree : BOOL;', '\tbFree : BOOL;\n\tnCount : UDINT;'],
    ),
    main('the pusher also asks the release', ['AND GVL_Out.bMainDrive;', 'AND GVL_Out.bMainDrive AND bFree;']),
    main('the lamp as NOT free', ['GVL_Out.bLamp := fbZone.Tripped;', 'GVL_Out.bLamp := NOT bFree;']),
    hood('operands in another order', [
      'SUPER^.Healthy() AND bLeft AND bRight',
      'bRight AND bLeft AND SUPER^.Healthy()',
    ]),
    hood('De Morgan', ['SUPER^.Healthy() AND bLeft AND bRight', 'SUPER^.Healthy() AND NOT (NOT bLeft OR NOT bRight)']),
    zone('a property more', [
      '    <Property Name="Tripped"',
      `${property({ name: 'State', declaration: 'PROPERTY State : INT\n', body: 'State := SEL(_bTripped, 0, 1);\n' })}    <Property Name="Tripped"`,
    ]),
    zone('the method in two statements', [
      'IsFree := Healthy() AND NOT _bTripped;',
      'IsFree := FALSE;\nIF Healthy() AND NOT _bTripped THEN\n\tIsFree := TRUE;\nEND_IF',
    ]),
    drive('THIS in front', ['Output := _bRun AND bFree;', 'Output := THIS^._bRun AND bFree;']),
    drive(
      'a private variable renamed',
      ['\t_bRun : BOOL;', '\t_bActive : BOOL;'],
      ['_bRun := TRUE', '_bActive := TRUE'],
      ['_bRun := FALSE', '_bActive := FALSE'],
      ['Output := _bRun', 'Output := _bActive'],
      ['Running := _bRun', 'Running := _bActive'],
    ),
    glue('a lower limit of the control', ['_nSetpoint - 20', '_nSetpoint - 30']),
    glue('a lower set point', ['_nSetpoint : INT := 1650', '_nSetpoint : INT := 1600']),
    {
      title: 'a new block for the shift counter',
      replacements: [
        ['PLC/MAIN.TcPOU', 'GVL_Out.bLamp :=', 'fbShift(bCarton := fbCarton.Q);\nGVL_Out.bLamp :='],
        ['PLC/MAIN.TcPOU', '\tbFree : BOOL;', '\tbFree : BOOL;\n\tfbShift : FB_Shift;'],
      ],
      added: {
        'PLC/FB_Shift.TcPOU': pou({
          name: 'FB_Shift',
          declaration:
            'FUNCTION_BLOCK FB_Shift\nVAR_INPUT\n\tbCarton : BOOL;\nEND_VAR\nVAR_OUTPUT\n\tnShift : UDINT;\nEND_VAR\n',
          body: 'IF bCarton THEN\n\tnShift := nShift + 1;\nEND_IF\n',
        }),
      },
    },
  ],
};
