/** A panel saw in TwinCAT: actuators behind an interface, a base block, overridden methods and properties, in Spanish. */

import type { Files } from './red-team-machine.js';

const ID = '{5d1c0b52-6f0e-4f39-9a3e-0c7f0f5d2a11}';

const object = (content: string): string =>
  `<?xml version="1.0" encoding="utf-8"?>\n<TcPlcObject Version="1.1.0.1" ProductVersion="3.1.4024.12">\n${content}\n</TcPlcObject>\n`;

const body = (text: string): string => `<Implementation>\n<ST><![CDATA[${text}]]></ST>\n</Implementation>`;

const pou = (name: string, declaration: string, statements: string, ...members: readonly string[]): string =>
  object(
    `<POU Name="${name}" Id="${ID}" SpecialFunc="None">\n<Declaration><![CDATA[${declaration}]]></Declaration>\n${body(statements)}\n${members.join('\n')}\n</POU>`,
  );

const method = (name: string, declaration: string, statements: string): string =>
  `<Method Name="${name}" Id="${ID}">\n<Declaration><![CDATA[${declaration}]]></Declaration>\n${body(statements)}\n</Method>`;

const getter = (name: string, type: string, statements: string): string =>
  `<Property Name="${name}" Id="${ID}">\n<Declaration><![CDATA[PROPERTY PUBLIC ${name} : ${type}\n]]></Declaration>\n<Get Name="Get" Id="${ID}">\n<Declaration><![CDATA[VAR\nEND_VAR\n]]></Declaration>\n${body(statements)}\n</Get>\n</Property>`;

export const SAW_FILES: Files = {
  'plantwright.yaml': `site: sierra-paneles-4
location: Vitoria, ES
line_type: Panel saw
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
    - { tag: GVL_ES.bParadaEmergencia, role: estop, zone: sierra }
    - { tag: GVL_ES.bPuerta1, role: guard, zone: sierra }
    - { tag: GVL_ES.bPuerta2, role: guard, zone: sierra }
    - { tag: GVL_ES.bCortina, role: light_curtain, zone: mesa }
    - { tag: GVL_ES.bRearme, role: reset, zone: sierra }
    - { tag: GVL_ES.bMarcha, role: start, zone: sierra }
    - { tag: GVL_ES.bMano1, role: two_hand, zone: mano }
    - { tag: GVL_ES.bMano2, role: two_hand, zone: mano }
    - { tag: GVL_ES.bMotorHoja, role: hazard, zone: sierra, off: false }
    - { tag: GVL_ES.bEmpujador, role: hazard, zone: sierra, off: false, requires: [GVL_ES.bParadaEmergencia, GVL_ES.bPuerta1, GVL_ES.bPuerta2, GVL_ES.bCortina] }
    - { tag: GVL_ES.bPrensor, role: hazard, zone: mesa, off: false, requires: [GVL_ES.bParadaEmergencia, GVL_ES.bMano1, GVL_ES.bMano2] }
    - { tag: GVL_HMI.*, role: operator }
  mutually_exclusive: [[GVL_ES.bMotorHoja, GVL_ES.bDesbloqueo]]
checks:
  tests: [tests/**/*_test.st]
`,
  'PLC/GVLs/GVL_ES.TcGVL': object(`<GVL Name="GVL_ES" Id="${ID}">
<Declaration><![CDATA[{attribute 'qualified_only'}
VAR_GLOBAL
	// entradas de seguridad, TRUE = sano
	bParadaEmergencia AT %I* : BOOL;
	bPuerta1          AT %I* : BOOL;
	bPuerta2          AT %I* : BOOL;
	bCortina          AT %I* : BOOL;   // cortina de la mesa de carga
	bMano1            AT %I* : BOOL;
	bMano2            AT %I* : BOOL;
	bRearme           AT %I* : BOOL;   // pulsador de rearme, fuera del recinto
	bMarcha           AT %I* : BOOL;
	bParo             AT %I* : BOOL;
	bAjuste           AT %I* : BOOL;   // llave de ajuste
	bAspiracion       AT %I* : BOOL;
	nVelocidadHoja    AT %I* : INT;    // rpm
	nCorriente        AT %I* : INT;    // 0,1 A
	// salidas
	bMotorHoja        AT %Q* : BOOL;
	bEmpujador        AT %Q* : BOOL;
	bPrensor          AT %Q* : BOOL;   // viga de apriete
	bDesbloqueo       AT %Q* : BOOL;   // cerradura de la puerta
	bLampara          AT %Q* : BOOL;
	nConsigna         AT %Q* : INT;    // empujador, mm/s
END_VAR
]]></Declaration>
</GVL>`),
  'PLC/GVLs/GVL_HMI.TcGVL': object(`<GVL Name="GVL_HMI" Id="${ID}">
<Declaration><![CDATA[{attribute 'qualified_only'}
VAR_GLOBAL
	bVaciar      : BOOL;
	bServicio    : BOOL;
	nAvance      : INT := 200;   // mm/s
	nPiezas      : UDINT;
	sMensaje     : STRING(80);
END_VAR
VAR_GLOBAL CONSTANT
	AVANCE_MAX   : INT := 800;
	AVANCE_AJUSTE : INT := 50;
	PARADA_RPM   : INT := 15;
	T_FRENADO    : TIME := T#12S;
END_VAR
]]></Declaration>
</GVL>`),
  'PLC/DUTs/E_Fase.TcDUT': object(`<DUT Name="E_Fase" Id="${ID}">
<Declaration><![CDATA[{attribute 'qualified_only'}
{attribute 'strict'}
TYPE E_Fase :
(
	Reposo := 0,
	Apretar := 10,
	Cortar := 20,
	Volver := 30
) INT;
END_TYPE
]]></Declaration>
</DUT>`),
  'PLC/DUTs/ST_Entradas.TcDUT': object(`<DUT Name="ST_Entradas" Id="${ID}">
<Declaration><![CDATA[TYPE ST_Entradas :
STRUCT
	bParada  : BOOL;
	bPuerta  : BOOL;
	bCortina : BOOL;
END_STRUCT
END_TYPE
]]></Declaration>
</DUT>`),
  'PLC/POUs/I_Actuador.TcIO': object(`<Itf Name="I_Actuador" Id="${ID}">
<Declaration><![CDATA[INTERFACE I_Actuador
]]></Declaration>
<Method Name="Actualizar" Id="${ID}">
<Declaration><![CDATA[METHOD Actualizar
VAR_INPUT
	bPermiso : BOOL;
	bDemanda : BOOL;
END_VAR
]]></Declaration>
</Method>
<Property Name="Activo" Id="${ID}">
<Declaration><![CDATA[PROPERTY Activo : BOOL
]]></Declaration>
<Get Name="Get" Id="${ID}">
<Declaration><![CDATA[]]></Declaration>
</Get>
</Property>
</Itf>`),
  'PLC/POUs/FB_Actuador.TcPOU': pou(
    'FB_Actuador',
    `// Actuador: nunca activo sin permiso, y una demanda nueva tras cada pérdida del permiso
FUNCTION_BLOCK FB_Actuador IMPLEMENTS I_Actuador
VAR
	_bSalida   : BOOL;
	_bBloqueo  : BOOL := TRUE;
END_VAR
`,
    '',
    method(
      'Actualizar',
      'METHOD PUBLIC Actualizar\nVAR_INPUT\n\tbPermiso : BOOL;\n\tbDemanda : BOOL;\nEND_VAR\n',
      `IF NOT bPermiso THEN
	_bBloqueo := TRUE;
ELSIF NOT bDemanda THEN
	_bBloqueo := FALSE;
END_IF
_bSalida := bPermiso AND bDemanda AND NOT _bBloqueo;
`,
    ),
    getter('Activo', 'BOOL', 'Activo := _bSalida;\n'),
  ),
  'PLC/POUs/FB_Hoja.TcPOU': pou(
    'FB_Hoja',
    `// Motor de la hoja: con aspiración, y un freno que tarda
FUNCTION_BLOCK FB_Hoja EXTENDS FB_Actuador
VAR_INPUT
	bAspiracion : BOOL;
	nRpm        : INT;
END_VAR
VAR_OUTPUT
	bParada     : BOOL;
END_VAR
VAR
	_fbFrenado  : TON;
END_VAR
`,
    `_fbFrenado(IN := NOT _bSalida AND ABS(nRpm) < GVL_HMI.PARADA_RPM, PT := GVL_HMI.T_FRENADO);
bParada := _fbFrenado.Q;
`,
    method(
      'Actualizar',
      'METHOD PUBLIC Actualizar\nVAR_INPUT\n\tbPermiso : BOOL;\n\tbDemanda : BOOL;\nEND_VAR\n',
      'SUPER^.Actualizar(bPermiso := bPermiso AND bAspiracion, bDemanda := bDemanda);\n',
    ),
  ),
  'PLC/POUs/FB_DosManos.TcPOU': pou(
    'FB_DosManos',
    `// Mando a dos manos: medio segundo, y soltar ambas entre dos ciclos
FUNCTION_BLOCK FB_DosManos
VAR_INPUT
	bMano1 : BOOL;
	bMano2 : BOOL;
END_VAR
VAR_OUTPUT
	bPulsado : BOOL;
END_VAR
VAR
	_fbTiempo : TON;
	_bSuelto  : BOOL;
END_VAR
`,
    `_fbTiempo(IN := bMano1 XOR bMano2, PT := T#500MS);
IF _fbTiempo.Q OR (bPulsado AND NOT (bMano1 AND bMano2)) THEN
	_bSuelto := FALSE;
ELSIF NOT bMano1 AND NOT bMano2 THEN
	_bSuelto := TRUE;
END_IF
bPulsado := bMano1 AND bMano2 AND _bSuelto;
`,
  ),
  'PLC/POUs/FB_Zona.TcPOU': pou(
    'FB_Zona',
    `// Memoria de una zona: un disparo queda hasta el rearme
FUNCTION_BLOCK FB_Zona
VAR
	_fbFlanco   : R_TRIG;
	_bDisparada : BOOL := TRUE;
	_bSana      : BOOL;
END_VAR
`,
    '',
    method(
      'Evaluar',
      'METHOD PUBLIC Evaluar : BOOL\nVAR_IN_OUT\n\tstEntradas : ST_Entradas;\nEND_VAR\nVAR_INPUT\n\tbRearme : BOOL;\nEND_VAR\n',
      `_fbFlanco(CLK := bRearme);
_bSana := Sana(stEntradas);
IF NOT _bSana THEN
	_bDisparada := TRUE;
ELSIF _fbFlanco.Q THEN
	_bDisparada := FALSE;
END_IF
Evaluar := Liberada;
`,
    ),
    method(
      'Sana',
      'METHOD PRIVATE Sana : BOOL\nVAR_IN_OUT\n\tstEntradas : ST_Entradas;\nEND_VAR\n',
      'Sana := stEntradas.bParada AND stEntradas.bPuerta AND stEntradas.bCortina;\n',
    ),
    getter('Liberada', 'BOOL', 'Liberada := _bSana AND NOT _bDisparada;\n'),
    getter('Disparada', 'BOOL', 'Disparada := _bDisparada;\n'),
  ),
  'PLC/POUs/MAIN.TcPOU': pou(
    'MAIN',
    `PROGRAM MAIN
VAR
	fbHoja      : FB_Hoja;
	fbEmpujador : FB_Actuador;
	fbPrensor   : FB_Actuador;
	fbDosManos  : FB_DosManos;
	fbRecinto   : FB_Zona;
	fbMesa      : FB_Zona;
	stRecinto   : ST_Entradas;
	stMesa      : ST_Entradas;
	iAvance     : I_Actuador;
	eFase       : E_Fase := E_Fase.Reposo;
	fbMarcha    : R_TRIG;
	bEnMarcha   : BOOL;
	bSobrecarga : BOOL;
	nAvance     : INT;
END_VAR
`,
    `// --- zonas
stRecinto.bParada := GVL_ES.bParadaEmergencia;
stRecinto.bPuerta := GVL_ES.bPuerta1 AND GVL_ES.bPuerta2;
stRecinto.bCortina := TRUE;   // el recinto no tiene cortina
stMesa.bParada := GVL_ES.bParadaEmergencia;
stMesa.bPuerta := GVL_ES.bPuerta1 AND GVL_ES.bPuerta2;
stMesa.bCortina := GVL_ES.bCortina;
fbRecinto.Evaluar(stEntradas := stRecinto, bRearme := GVL_ES.bRearme);
fbMesa.Evaluar(stEntradas := stMesa, bRearme := GVL_ES.bRearme);

// --- marcha de la hoja
fbMarcha(CLK := GVL_ES.bMarcha);
IF GVL_ES.nCorriente > 450 THEN
	bSobrecarga := TRUE;
ELSIF GVL_ES.bAjuste AND NOT bEnMarcha THEN
	bSobrecarga := FALSE;
END_IF
IF GVL_ES.bParo OR bSobrecarga OR NOT fbRecinto.Liberada THEN
	bEnMarcha := FALSE;
ELSIF fbMarcha.Q THEN
	bEnMarcha := TRUE;
END_IF
fbHoja(bAspiracion := GVL_ES.bAspiracion, nRpm := GVL_ES.nVelocidadHoja);
fbHoja.Actualizar(bPermiso := fbRecinto.Liberada, bDemanda := bEnMarcha);

// --- ciclo
fbDosManos(bMano1 := GVL_ES.bMano1, bMano2 := GVL_ES.bMano2);
CASE eFase OF
	E_Fase.Reposo:
		IF fbDosManos.bPulsado AND bEnMarcha THEN
			eFase := E_Fase.Apretar;
		END_IF
	E_Fase.Apretar:
		IF NOT fbDosManos.bPulsado THEN
			eFase := E_Fase.Reposo;
		ELSIF fbPrensor.Activo AND fbMesa.Liberada THEN
			eFase := E_Fase.Cortar;
		END_IF
	E_Fase.Cortar:
		IF NOT fbMesa.Liberada OR NOT bEnMarcha THEN
			eFase := E_Fase.Reposo;
		ELSIF GVL_HMI.bVaciar THEN
			eFase := E_Fase.Volver;
			GVL_HMI.nPiezas := GVL_HMI.nPiezas + 1;
		END_IF
	E_Fase.Volver:
		eFase := E_Fase.Reposo;
END_CASE

fbPrensor.Actualizar(
	bPermiso := GVL_ES.bParadaEmergencia AND fbDosManos.bPulsado,
	bDemanda := eFase = E_Fase.Apretar OR eFase = E_Fase.Cortar);
iAvance := fbEmpujador;
iAvance.Actualizar(
	bPermiso := fbRecinto.Liberada AND fbMesa.Liberada,
	bDemanda := eFase = E_Fase.Cortar AND fbHoja.Activo);

// --- salidas
GVL_ES.bMotorHoja := fbHoja.Activo;
GVL_ES.bEmpujador := iAvance.Activo;
GVL_ES.bPrensor := fbPrensor.Activo;
GVL_ES.bDesbloqueo := fbHoja.bParada AND NOT fbHoja.Activo AND GVL_HMI.bServicio;
nAvance := GVL_HMI.nAvance;
IF GVL_ES.bAjuste THEN
	nAvance := MIN(nAvance, GVL_HMI.AVANCE_AJUSTE);
END_IF
GVL_ES.nConsigna := LIMIT(0, nAvance, GVL_HMI.AVANCE_MAX);
GVL_ES.bLampara := fbRecinto.Disparada OR fbMesa.Disparada;
`,
  ),
  'tests/dos_manos_test.st': `TEST 'una mano no basta'
VAR m : FB_DosManos; END_VAR
m(bMano1 := FALSE, bMano2 := FALSE);
m(bMano1 := TRUE, bMano2 := TRUE);
ASSERT_TRUE(m.bPulsado, 'las dos manos');
m(bMano1 := TRUE, bMano2 := FALSE);
ASSERT_FALSE(m.bPulsado, 'una mano suelta');
m(bMano1 := TRUE, bMano2 := TRUE);
ASSERT_FALSE(m.bPulsado, 'primero soltar ambas');
END_TEST
`,
};
