/** What is done to the panel saw: overridden methods, properties, references, two-hand control and the door lock. */

import { SAW_FILES } from './panel-saw-site.js';
import { inFile, type RedTeamMachine } from './red-team-machine.js';

const main = inFile('PLC/POUs/MAIN.TcPOU');
const actuator = inFile('PLC/POUs/FB_Actuador.TcPOU');
const blade = inFile('PLC/POUs/FB_Hoja.TcPOU');
const hands = inFile('PLC/POUs/FB_DosManos.TcPOU');
const zone = inFile('PLC/POUs/FB_Zona.TcPOU');
const hmi = inFile('PLC/GVLs/GVL_HMI.TcGVL');
const OUT = '_bSalida := bPermiso AND bDemanda AND NOT _bBloqueo;';
const PRESS = 'bPermiso := GVL_ES.bParadaEmergencia AND fbDosManos.bPulsado,';

export const PANEL_SAW: RedTeamMachine = {
  name: 'panel saw',
  files: SAW_FILES,
  unsafe: [
    actuator('every actuator runs on demand, with or without permit', [OUT, '_bSalida := bDemanda AND NOT _bBloqueo;']),
    actuator('the permit or the demand is enough', [OUT, '_bSalida := (bPermiso OR bDemanda) AND NOT _bBloqueo;']),
    actuator('an actuator that runs keeps running when the permit goes', [
      OUT,
      '_bSalida := (bPermiso OR _bSalida) AND bDemanda;',
    ]),
    actuator('an actuator starts again by itself when the permit comes back', [
      'IF NOT bPermiso THEN\n\t_bBloqueo := TRUE;\nELSIF NOT bDemanda THEN\n\t_bBloqueo := FALSE;\nEND_IF',
      '_bBloqueo := FALSE;',
    ]),
    actuator('every actuator may start in the first scan', [
      '_bBloqueo  : BOOL := TRUE;',
      '_bBloqueo  : BOOL := FALSE;',
    ]),
    actuator('the property that feeds the outputs reads the inverse', [
      'Activo := _bSalida;',
      'Activo := NOT _bBloqueo;',
    ]),
    actuator('the output is set first and the method leaves early without permit', [
      'IF NOT bPermiso THEN\n\t_bBloqueo := TRUE;\nELSIF',
      'IF NOT bPermiso THEN\n\t_bBloqueo := TRUE;\n\tRETURN;\nELSIF',
    ]),
    blade('the override forgets the permit of its caller', [
      'bPermiso := bPermiso AND bAspiracion',
      'bPermiso := bAspiracion',
    ]),
    blade('the override exchanges permit and demand, so that releasing the door starts the blade', [
      'bPermiso := bPermiso AND bAspiracion, bDemanda := bDemanda',
      'bPermiso := bDemanda, bDemanda := bPermiso AND bAspiracion',
    ]),
    blade('the override writes the output itself and never asks the base block', [
      'SUPER^.Actualizar(bPermiso := bPermiso AND bAspiracion, bDemanda := bDemanda);',
      '_bSalida := bDemanda;',
    ]),
    blade('the override ends with a line of its own', [
      'bDemanda := bDemanda);\n',
      'bDemanda := bDemanda);\n_bSalida := _bSalida OR (bDemanda AND bAspiracion AND GVL_HMI.bServicio);\n',
    ]),
    hands('the two hands may be half a minute apart', ['PT := T#500MS', 'PT := T#30S']),
    hands('one hand and a rubber band', [
      'bPulsado := bMano1 AND bMano2 AND _bSuelto;',
      'bPulsado := bMano1 AND _bSuelto;',
    ]),
    hands('the hands need not be released between two strokes', [
      'OR (bPulsado AND NOT (bMano1 AND bMano2)) THEN',
      'THEN',
    ]),
    hands('releasing one hand is enough for the next stroke', [
      'ELSIF NOT bMano1 AND NOT bMano2 THEN',
      'ELSIF NOT bMano1 OR NOT bMano2 THEN',
    ]),
    hands('the second hand is taken from the first by a typing mistake', [
      'IN := bMano1 XOR bMano2',
      'IN := bMano1 XOR bMano1',
    ]),
    zone('the door is missing from the helper method', [
      'stEntradas.bParada AND stEntradas.bPuerta AND',
      'stEntradas.bParada AND',
    ]),
    zone('the helper method says yes when any one is healthy', [
      'stEntradas.bParada AND stEntradas.bPuerta AND stEntradas.bCortina',
      'stEntradas.bParada OR stEntradas.bPuerta OR stEntradas.bCortina',
    ]),
    zone('the property of the release ignores the memory', [
      'Liberada := _bSana AND NOT _bDisparada;',
      'Liberada := _bSana;',
    ]),
    zone(
      'the property of the release ignores the inputs of this scan, and a held reset clears the memory',
      ['ELSIF _fbFlanco.Q THEN', 'END_IF\nIF bRearme THEN'],
      ['Liberada := _bSana AND NOT _bDisparada;', 'Liberada := NOT _bDisparada;'],
    ),
    zone('the reset is a level', ['ELSIF _fbFlanco.Q THEN', 'ELSIF bRearme THEN']),
    zone('a zone is released at power up', ['_bDisparada : BOOL := TRUE;', '_bDisparada : BOOL;']),
    zone('a zone keeps its release over a power failure', [
      'VAR\n\t_fbFlanco   : R_TRIG;\n\t_bDisparada : BOOL := TRUE;\n',
      'VAR PERSISTENT\n\t_bDisparada : BOOL := TRUE;\nEND_VAR\nVAR\n\t_fbFlanco   : R_TRIG;\n',
    ]),
    zone('evaluating leaves early in service', [
      '_fbFlanco(CLK := bRearme);\n',
      '_fbFlanco(CLK := bRearme);\nIF GVL_HMI.bServicio AND NOT _bDisparada THEN\n\tRETURN;\nEND_IF\n',
    ]),
    zone('the structure is mended inside the method: a healthy door for the caller too', [
      '_bSana := Sana(stEntradas);',
      'IF GVL_HMI.bServicio THEN\n\tstEntradas.bPuerta := TRUE;\nEND_IF\n_bSana := Sana(stEntradas);',
    ]),
    main('one door contact is enough', [
      'stRecinto.bPuerta := GVL_ES.bPuerta1 AND GVL_ES.bPuerta2;',
      'stRecinto.bPuerta := GVL_ES.bPuerta1;',
    ]),
    main('the table takes the structure of the enclosure after a copy', [
      'fbMesa.Evaluar(stEntradas := stMesa,',
      'fbMesa.Evaluar(stEntradas := stRecinto,',
    ]),
    main(
      'the zone of the table is evaluated after its use',
      ['fbMesa.Evaluar(stEntradas := stMesa, bRearme := GVL_ES.bRearme);\n', ''],
      ['// --- salidas\n', '// --- salidas\nfbMesa.Evaluar(stEntradas := stMesa, bRearme := GVL_ES.bRearme);\n'],
    ),
    main('the curtain is written over by the structure of the enclosure', [
      'stMesa.bCortina := GVL_ES.bCortina;\n',
      'stMesa.bCortina := GVL_ES.bCortina;\nstMesa := stRecinto;\n',
    ]),
    main('the beam presses with one hand', [
      PRESS,
      'bPermiso := GVL_ES.bParadaEmergencia AND (GVL_ES.bMano1 OR fbDosManos.bPulsado),',
    ]),
    main('the beam presses without hands while it cuts', [
      PRESS,
      'bPermiso := GVL_ES.bParadaEmergencia AND (fbDosManos.bPulsado OR eFase = E_Fase.Cortar),',
    ]),
    main('the beam forgets the emergency stop', [PRESS, 'bPermiso := fbDosManos.bPulsado,']),
    main('the pusher pushes through the broken curtain', [
      'fbRecinto.Liberada AND fbMesa.Liberada,',
      'fbRecinto.Liberada,',
    ]),
    main('the interface points at the beam, and the pusher follows it', [
      'iAvance := fbEmpujador;',
      'iAvance := fbPrensor;',
    ]),
    main('the interface is bound late: the pusher follows the blade', [
      'GVL_ES.bMotorHoja := fbHoja.Activo;\n',
      'GVL_ES.bMotorHoja := fbHoja.Activo;\niAvance := fbHoja;\n',
    ]),
    main(
      'the blade runs again by itself after the reset',
      ['IF GVL_ES.bParo OR bSobrecarga OR NOT fbRecinto.Liberada THEN', 'IF GVL_ES.bParo OR bSobrecarga THEN'],
      ['bDemanda := bEnMarcha);', 'bDemanda := bEnMarcha AND fbRecinto.Liberada);'],
    ),
    main('start wins over stop', [
      'IF GVL_ES.bParo OR bSobrecarga OR NOT fbRecinto.Liberada THEN\n\tbEnMarcha := FALSE;\nELSIF fbMarcha.Q THEN\n\tbEnMarcha := TRUE;\nEND_IF',
      'IF GVL_ES.bMarcha THEN\n\tbEnMarcha := TRUE;\nELSIF GVL_ES.bParo OR bSobrecarga OR NOT fbRecinto.Liberada THEN\n\tbEnMarcha := FALSE;\nEND_IF',
    ]),
    main('the door unlocks onto the running blade', [
      'fbHoja.bParada AND NOT fbHoja.Activo AND GVL_HMI.bServicio',
      'fbHoja.bParada OR GVL_HMI.bServicio',
    ]),
    main('the motor output is forced in service behind the block', [
      'GVL_ES.bLampara := ',
      'IF GVL_HMI.bServicio AND bEnMarcha THEN\n\tGVL_ES.bMotorHoja := TRUE;\nEND_IF\nGVL_ES.bLampara := ',
    ]),
    main(
      'a reference writes the pusher',
      ['\tnAvance     : INT;\n', '\tnAvance     : INT;\n\trSalida     : REFERENCE TO BOOL;\n'],
      [
        'GVL_ES.bLampara := ',
        'rSalida REF= GVL_ES.bEmpujador;\nIF GVL_HMI.bVaciar THEN\n\trSalida := TRUE;\nEND_IF\nGVL_ES.bLampara := ',
      ],
    ),
    main('the overload clears itself', ['ELSIF GVL_ES.bAjuste AND NOT bEnMarcha THEN', 'ELSE']),
    main('the current is compared in amperes and not in tenths', [
      'GVL_ES.nCorriente > 450',
      'GVL_ES.nCorriente > 4500',
    ]),
    main('a bidirectional mark hides the end of a comment', [
      '// --- zonas\n',
      '// --- zonas \u202e stRecinto \u2066\n',
    ]),
    {
      title: 'the block of the pusher becomes a new class that overrides the release',
      replacements: [['PLC/POUs/MAIN.TcPOU', 'fbEmpujador : FB_Actuador;', 'fbEmpujador : FB_Empujador;']],
      added: {
        'PLC/POUs/FB_Empujador.TcPOU':
          SAW_FILES['PLC/POUs/FB_Hoja.TcPOU']
            ?.replaceAll('FB_Hoja', 'FB_Empujador')
            .replace('SUPER^.Actualizar(bPermiso := bPermiso AND bAspiracion', 'SUPER^.Actualizar(bPermiso := TRUE') ??
          '',
      },
    },
    {
      title: 'the exclusion of motor and door lock leaves the manifest, and the lock the equation',
      replacements: [
        ['plantwright.yaml', '  mutually_exclusive: [[GVL_ES.bMotorHoja, GVL_ES.bDesbloqueo]]\n', ''],
        ['PLC/POUs/MAIN.TcPOU', 'fbHoja.bParada AND NOT fbHoja.Activo AND', 'fbHoja.bParada AND'],
      ],
    },
    {
      title: 'the test of the two hands no longer asks for the release',
      replacements: [
        ['PLC/POUs/FB_DosManos.TcPOU', 'OR (bPulsado AND NOT (bMano1 AND bMano2)) THEN', 'THEN'],
        [
          'tests/dos_manos_test.st',
          "m(bMano1 := TRUE, bMano2 := TRUE);\nASSERT_FALSE(m.bPulsado, 'primero soltar ambas');\n",
          '',
        ],
      ],
    },
  ],
  harmless: [
    zone('the memory before the inputs', [
      'Liberada := _bSana AND NOT _bDisparada;',
      'Liberada := NOT _bDisparada AND _bSana;',
    ]),
    hands('one negation instead of two', ['ELSIF NOT bMano1 AND NOT bMano2 THEN', 'ELSIF NOT (bMano1 OR bMano2) THEN']),
    main('the current is compared the other way round', ['GVL_ES.nCorriente > 450', '450 < GVL_ES.nCorriente']),
    main('a message for the panel', [
      'GVL_ES.bLampara := ',
      "IF bSobrecarga THEN\n\tGVL_HMI.sMensaje := 'sobrecarga de la hoja';\nEND_IF\nGVL_ES.bLampara := ",
    ]),
    hmi('the blade is given a second more to run down', ['T#12S', 'T#13S']),
  ],
};
