/** A kneader in Siemens SCL with German names, comments and data blocks; the manifest names a few signals. */

import { type Files, inFile, type RedTeamMachine } from './red-team-machine.js';

const files: Files = {
  'plantwright.yaml': `site: kneter-2
plc_type: Siemens S7-1500F
dialect: siemens
sources: [src/**]
entry: Main
cycle: 20ms
safety:
  rating: SIL-2
  performance_level: d
  signals:
    - { tag: Eingaenge.NotHalt_iO, role: estop, zone: kneter }
    - { tag: Eingaenge.Schutzhaube_K1, role: guard, zone: kneter }
    - { tag: Eingaenge.Schutzhaube_K2, role: guard, zone: kneter }
    - { tag: Eingaenge.Quittieren, role: reset, zone: kneter }
    - { tag: Eingaenge.Start, role: start, zone: kneter }
    - { tag: Ausgaenge.Knetwerk, role: hazard, zone: kneter }
    - { tag: Ausgaenge.Kippen_Auf, role: hazard, zone: kneter }
    - { tag: Ausgaenge.Kippen_Ab, role: hazard, zone: kneter }
    - { tag: Ausgaenge.Haube_Entriegeln, role: hazard, zone: haube }
    - { tag: Bedienung.*, role: operator }
  mutually_exclusive: [[Ausgaenge.Kippen_Auf, Ausgaenge.Kippen_Ab]]
`,
  'src/Daten.scl': `DATA_BLOCK "Eingaenge"
VERSION : 0.1
NON_RETAIN
   VAR
      NotHalt_iO : Bool;   // F-Eingang, TRUE = nicht betaetigt
      Schutzhaube_K1 : Bool;   // Kanal 1
      Schutzhaube_K2 : Bool;   // Kanal 2
      Quittieren : Bool;
      Start : Bool;
      Stopp : Bool;
      Taster_Auf : Bool;
      Taster_Ab : Bool;
      Drehzahl : Int;   // 0..27648
      Reinigung : Bool;   // Schluesselschalter
   END_VAR
BEGIN
END_DATA_BLOCK

DATA_BLOCK "Ausgaenge"
VERSION : 0.1
NON_RETAIN
   VAR
      Knetwerk : Bool;
      Kippen_Auf : Bool;
      Kippen_Ab : Bool;
      Haube_Entriegeln : Bool;
      Leuchte : Bool;
   END_VAR
BEGIN
END_DATA_BLOCK

DATA_BLOCK "Bedienung"
VERSION : 0.1
NON_RETAIN
   VAR
      Knetzeit : Time := T#8m;
      Handbetrieb : Bool;
      Zustand : Int;
      Chargen : DInt;
   END_VAR
BEGIN
END_DATA_BLOCK

DATA_BLOCK "Konstanten"
VERSION : 0.1
NON_RETAIN
   VAR
      Stillstand : Int := 200;
      Diskrepanz : Time := T#250ms;
   END_VAR
BEGIN
END_DATA_BLOCK
`,
  'src/F_Schutzhaube.scl': `// Zweikanalige Auswertung der Haube mit Diskrepanzzeit
FUNCTION_BLOCK "F_Schutzhaube"
VERSION : 0.1
   VAR_INPUT
      Kanal1 : Bool;
      Kanal2 : Bool;
      Zeit : Time;
      Quitt : Bool;
   END_VAR
   VAR_OUTPUT
      Freigabe : Bool;
      Fehler : Bool;
   END_VAR
   VAR
      Ungleich : TON;
   END_VAR
BEGIN
   #Ungleich(IN := #Kanal1 <> #Kanal2, PT := #Zeit);
   IF #Ungleich.Q THEN
      #Fehler := TRUE;
   ELSIF #Quitt AND #Kanal1 AND #Kanal2 THEN
      #Fehler := FALSE;
   END_IF;
   #Freigabe := #Kanal1 AND #Kanal2 AND NOT #Fehler;
END_FUNCTION_BLOCK
`,
  'src/F_Sicherheit.scl': `FUNCTION_BLOCK "F_Sicherheit"
VERSION : 0.1
   VAR_OUTPUT
      Freigabe : Bool;
      Anforderung : Bool;
   END_VAR
   VAR
      Haube : "F_Schutzhaube";
      Flanke : R_TRIG;
      Gespeichert : Bool := TRUE;
   END_VAR
   VAR_TEMP
      Bereit : Bool;
   END_VAR
BEGIN
   #Flanke(CLK := "Eingaenge".Quittieren);
   #Haube(Kanal1 := "Eingaenge".Schutzhaube_K1,
          Kanal2 := "Eingaenge".Schutzhaube_K2,
          Zeit := "Konstanten".Diskrepanz,
          Quitt := #Flanke.Q);
   #Bereit := "Eingaenge".NotHalt_iO AND #Haube.Freigabe;
   IF NOT #Bereit THEN
      #Gespeichert := TRUE;
   ELSIF #Flanke.Q THEN
      #Gespeichert := FALSE;
   END_IF;
   #Freigabe := #Bereit AND NOT #Gespeichert;
   #Anforderung := #Gespeichert;
END_FUNCTION_BLOCK
`,
  'src/Kneter.scl': `FUNCTION_BLOCK "Kneter"
VERSION : 0.1
   VAR
      Sicherheit : "F_Sicherheit";
      Schritt : Int;
      Zeit : TON;
      StartFlanke : R_TRIG;
      Laeuft : Bool;
      Verriegelt : TOF;
   END_VAR
BEGIN
   #Sicherheit();
   #StartFlanke(CLK := "Eingaenge".Start);

   REGION Schrittkette
      CASE #Schritt OF
         0: // warten
            IF #StartFlanke.Q AND #Sicherheit.Freigabe THEN
               #Schritt := 10;
            END_IF;
         10: // kneten
            IF #Zeit.Q OR "Eingaenge".Stopp THEN
               #Schritt := 20;
            END_IF;
         20: // auslaufen
            IF "Eingaenge".Drehzahl < "Konstanten".Stillstand THEN
               #Schritt := 0;
               "Bedienung".Chargen := "Bedienung".Chargen + 1;
            END_IF;
         ELSE
            #Schritt := 0;
      END_CASE;
      IF NOT #Sicherheit.Freigabe THEN
         #Schritt := 0;
      END_IF;
      #Zeit(IN := #Schritt = 10, PT := "Bedienung".Knetzeit);
   END_REGION

   REGION Ausgaenge
      #Laeuft := "Eingaenge".Drehzahl >= "Konstanten".Stillstand;
      "Ausgaenge".Knetwerk := #Schritt = 10 AND #Sicherheit.Freigabe;
      "Ausgaenge".Kippen_Auf := "Eingaenge".Taster_Auf AND NOT "Eingaenge".Taster_Ab
                                AND #Schritt = 0 AND NOT #Laeuft AND #Sicherheit.Freigabe;
      "Ausgaenge".Kippen_Ab := "Eingaenge".Taster_Ab AND NOT "Eingaenge".Taster_Auf
                               AND #Schritt = 0 AND NOT #Laeuft AND #Sicherheit.Freigabe;
      #Verriegelt(IN := #Laeuft OR "Ausgaenge".Knetwerk, PT := T#3s);
      "Ausgaenge".Haube_Entriegeln := NOT #Verriegelt.Q AND NOT "Ausgaenge".Knetwerk;
   END_REGION

   "Ausgaenge".Leuchte := #Sicherheit.Anforderung;
   "Bedienung".Zustand := #Schritt;
END_FUNCTION_BLOCK

DATA_BLOCK "Kneter_DB"
VERSION : 0.1
NON_RETAIN
"Kneter"
BEGIN
END_DATA_BLOCK

ORGANIZATION_BLOCK "Main"
VERSION : 0.1
BEGIN
   "Kneter_DB"();
END_ORGANIZATION_BLOCK
`,
};

const kneader = inFile('src/Kneter.scl');
const safety = inFile('src/F_Sicherheit.scl');
const hood = inFile('src/F_Schutzhaube.scl');
const data = inFile('src/Daten.scl');
const KNEAD = '"Ausgaenge".Knetwerk := #Schritt = 10 AND #Sicherheit.Freigabe;';

export const SIEMENS_MIXER: RedTeamMachine = {
  name: 'kneader, Siemens',
  files,
  unsafe: [
    kneader('hand mode goes round the release', [
      KNEAD,
      '"Ausgaenge".Knetwerk := (#Schritt = 10 AND #Sicherheit.Freigabe) OR ("Bedienung".Handbetrieb AND "Eingaenge".Start);',
    ]),
    kneader('the key for cleaning is an OR', [
      KNEAD,
      '"Ausgaenge".Knetwerk := #Schritt = 10 AND (#Sicherheit.Freigabe OR "Eingaenge".Reinigung);',
    ]),
    kneader(
      'the release is only asked in the sequence, which now waits',
      [KNEAD, '"Ausgaenge".Knetwerk := #Schritt = 10;'],
      [
        'IF NOT #Sicherheit.Freigabe THEN\n         #Schritt := 0;',
        'IF NOT #Sicherheit.Freigabe AND #Schritt <> 10 THEN\n         #Schritt := 0;',
      ],
    ),
    kneader('a missing pair of parentheses', [
      KNEAD,
      '"Ausgaenge".Knetwerk := #Schritt = 10 OR #Laeuft AND #Sicherheit.Freigabe;',
    ]),
    kneader('the step is compared with greater or equal', [
      KNEAD,
      '"Ausgaenge".Knetwerk := #Schritt >= 10 AND #Sicherheit.Freigabe;',
    ]),
    kneader(
      'tilting up while tilting down',
      ['"Eingaenge".Taster_Ab AND NOT "Eingaenge".Taster_Auf\n', '"Eingaenge".Taster_Ab\n'],
      ['"Eingaenge".Taster_Auf AND NOT "Eingaenge".Taster_Ab\n', '"Eingaenge".Taster_Auf\n'],
    ),
    kneader('tilting with the kneader running', [
      '"Eingaenge".Taster_Auf AND NOT "Eingaenge".Taster_Ab\n                                AND #Schritt = 0 AND NOT #Laeuft AND',
      '"Eingaenge".Taster_Auf AND NOT "Eingaenge".Taster_Ab\n                                AND',
    ]),
    kneader('tilting with the hood open', [
      '"Eingaenge".Taster_Ab AND NOT "Eingaenge".Taster_Auf\n                               AND #Schritt = 0 AND NOT #Laeuft AND #Sicherheit.Freigabe',
      '"Eingaenge".Taster_Ab AND NOT "Eingaenge".Taster_Auf\n                               AND #Schritt = 0 AND NOT #Laeuft AND "Eingaenge".NotHalt_iO',
    ]),
    kneader('a level starts', [
      'IF #StartFlanke.Q AND #Sicherheit.Freigabe',
      'IF "Eingaenge".Start AND #Sicherheit.Freigabe',
    ]),
    kneader('the stop of the sequence is gone', [
      '      IF NOT #Sicherheit.Freigabe THEN\n         #Schritt := 0;\n      END_IF;\n',
      '',
    ]),
    kneader('an early RETURN', [
      '   #StartFlanke(CLK',
      '   IF "Bedienung".Handbetrieb THEN\n      RETURN;\n   END_IF;\n   #StartFlanke(CLK',
    ]),
    kneader('the safety block only in step 0', [
      '   #Sicherheit();',
      '   IF #Schritt = 0 THEN\n      #Sicherheit();\n   END_IF;',
    ]),
    kneader('the hood unlocks while it runs', [
      'NOT #Verriegelt.Q AND NOT "Ausgaenge".Knetwerk',
      'NOT #Verriegelt.Q OR "Bedienung".Handbetrieb',
    ]),
    kneader('the hood unlocks at once', ['PT := T#3s', 'PT := T#3ms']),
    kneader('a write behind the outputs', [
      '   "Ausgaenge".Leuchte := #Sicherheit.Anforderung;',
      '   IF "Bedienung".Handbetrieb THEN\n      "Ausgaenge".Kippen_Ab := "Eingaenge".Taster_Ab;\n   END_IF;\n   "Ausgaenge".Leuchte := #Sicherheit.Anforderung;',
    ]),
    kneader('the emergency stop bit is written at start-up', [
      '   #Sicherheit();',
      '   IF #Schritt = 10 THEN\n      "Eingaenge".NotHalt_iO := TRUE;\n   END_IF;\n   #Sicherheit();',
    ]),
    safety('only one channel of the hood', [
      'Kanal2 := "Eingaenge".Schutzhaube_K2',
      'Kanal2 := "Eingaenge".Schutzhaube_K1',
    ]),
    safety('the hood is acknowledged by its own state', ['Quitt := #Flanke.Q', 'Quitt := TRUE']),
    safety('the e-stop is gone from the sum', [
      '#Bereit := "Eingaenge".NotHalt_iO AND #Haube.Freigabe;',
      '#Bereit := #Haube.Freigabe;',
    ]),
    safety('the hood is gone from the sum', [
      '#Bereit := "Eingaenge".NotHalt_iO AND #Haube.Freigabe;',
      '#Bereit := "Eingaenge".NotHalt_iO;',
    ]),
    safety('the e-stop behind a comment', [
      '   #Bereit := "Eingaenge".NotHalt_iO AND #Haube.Freigabe;',
      '   #Bereit := // "Eingaenge".NotHalt_iO AND\n      #Haube.Freigabe;',
    ]),
    safety('the e-stop in a block comment', [
      '"Eingaenge".NotHalt_iO AND #Haube',
      '(* "Eingaenge".NotHalt_iO AND *) #Haube',
    ]),
    safety('the latch resets without the button', ['ELSIF #Flanke.Q THEN', 'ELSE']),
    safety('the panel acknowledges', [
      '#Flanke(CLK := "Eingaenge".Quittieren);',
      '#Flanke(CLK := "Eingaenge".Quittieren OR "Bedienung".Handbetrieb);',
    ]),
    safety(
      'the memory is a temporary variable',
      ['      Gespeichert : Bool := TRUE;\n', ''],
      ['      Bereit : Bool;\n', '      Bereit : Bool;\n      Gespeichert : Bool;\n'],
    ),
    safety('not stored any more', ['#Freigabe := #Bereit AND NOT #Gespeichert;', '#Freigabe := #Bereit;']),
    hood('OR of the channels', ['#Freigabe := #Kanal1 AND #Kanal2 AND', '#Freigabe := (#Kanal1 OR #Kanal2) AND']),
    hood('no discrepancy', ['#Kanal1 <> #Kanal2, PT', '#Kanal1 <> #Kanal1, PT']),
    hood('the discrepancy error is not used', ['AND #Kanal2 AND NOT #Fehler;', 'AND #Kanal2;']),
    data('the discrepancy time', ['T#250ms', 'T#2500ms']),
    data('the limit for standstill', ['Stillstand : Int := 200', 'Stillstand : Int := 20000']),
    data('the output starts on', ['      Knetwerk : Bool;', '      Knetwerk : Bool := TRUE;']),
    data('the output keeps its value over power loss', [
      'DATA_BLOCK "Ausgaenge"\nVERSION : 0.1\nNON_RETAIN\n   VAR\n',
      'DATA_BLOCK "Ausgaenge"\nVERSION : 0.1\n   VAR RETAIN\n',
    ]),
    {
      title: 'the pair of tilting outputs leaves the manifest',
      replacements: [['plantwright.yaml', '  mutually_exclusive: [[Ausgaenge.Kippen_Auf, Ausgaenge.Kippen_Ab]]\n', '']],
    },
    {
      title: 'an OB1 of another order',
      replacements: [['src/Kneter.scl', '   "Kneter_DB"();', '   "Kneter_DB"();\n   "Zusatz"();']],
      added: {
        'src/Zusatz.scl':
          'FUNCTION "Zusatz" : Void\nVERSION : 0.1\nBEGIN\n   IF "Bedienung".Handbetrieb AND "Eingaenge".Taster_Auf THEN\n      "Ausgaenge".Kippen_Auf := TRUE;\n   END_IF;\nEND_FUNCTION\n',
      },
    },
    data('the start value in the block', [
      '      Leuchte : Bool;\n   END_VAR\nBEGIN\n',
      '      Leuchte : Bool;\n   END_VAR\nBEGIN\n   Knetwerk := TRUE;\n',
    ]),
    {
      title: 'standstill may be written by the panel',
      replacements: [
        ['src/Daten.scl', '      Stillstand : Int := 200;\n', ''],
        ['src/Daten.scl', '      Handbetrieb : Bool;', '      Handbetrieb : Bool;\n      Stillstand : Int := 200;'],
        ['src/Kneter.scl', '"Konstanten".Stillstand', '"Bedienung".Stillstand'],
        ['src/Kneter.scl', '"Konstanten".Stillstand', '"Bedienung".Stillstand'],
      ],
    },
    data('the limit for standstill behind BEGIN', [
      '      Diskrepanz : Time := T#250ms;\n   END_VAR\nBEGIN\n',
      '      Diskrepanz : Time := T#250ms;\n   END_VAR\nBEGIN\n   Stillstand := 20000;\n',
    ]),
    kneader('the latch starts free in the instance', [
      '"Kneter"\nBEGIN\n',
      '"Kneter"\nBEGIN\n   Sicherheit.Gespeichert := FALSE;\n',
    ]),
  ],
  harmless: [
    kneader('ein Kommentar', [
      '   REGION Ausgaenge\n',
      '   REGION Ausgaenge\n      // Not-Halt umgehen ist verboten\n',
    ]),
    kneader('the order of the operands', [KNEAD, '"Ausgaenge".Knetwerk := #Sicherheit.Freigabe AND #Schritt = 10;']),
    kneader('the hood is asked at the output too', [
      KNEAD,
      '"Ausgaenge".Knetwerk := #Schritt = 10 AND #Sicherheit.Freigabe AND "Eingaenge".Schutzhaube_K1;',
    ]),
    kneader(
      'the outputs in another order',
      [
        '      "Ausgaenge".Kippen_Auf := "Eingaenge".Taster_Auf AND NOT "Eingaenge".Taster_Ab\n                                AND #Schritt = 0 AND NOT #Laeuft AND #Sicherheit.Freigabe;\n',
        '',
      ],
      [
        '      #Verriegelt(IN',
        '      "Ausgaenge".Kippen_Auf := "Eingaenge".Taster_Auf AND NOT "Eingaenge".Taster_Ab\n                                AND #Schritt = 0 AND NOT #Laeuft AND #Sicherheit.Freigabe;\n      #Verriegelt(IN',
      ],
    ),

    kneader(
      'an aborted batch is counted',
      ['      Laeuft : Bool;', '      Laeuft : Bool;\n      Abbrueche : DInt;\n      StoppFlanke : R_TRIG;'],
      [
        '   "Bedienung".Zustand := #Schritt;',
        '   #StoppFlanke(CLK := "Eingaenge".Stopp);\n   IF #StoppFlanke.Q THEN\n      #Abbrueche := #Abbrueche + 1;\n   END_IF;\n   "Bedienung".Zustand := #Schritt;',
      ],
    ),
    kneader('the time of kneading has a default of six minutes', [
      '#Laeuft := "Eingaenge".Drehzahl >= "Konstanten".Stillstand;',
      '#Laeuft := NOT ("Eingaenge".Drehzahl < "Konstanten".Stillstand);',
    ]),
    safety('the sum as De Morgan', ['IF NOT #Bereit THEN', 'IF NOT ("Eingaenge".NotHalt_iO AND #Haube.Freigabe) THEN']),
    safety(
      'a temporary variable renamed',
      ['      Bereit : Bool;', '      Alles_iO : Bool;'],
      ['#Bereit := ', '#Alles_iO := '],
      ['IF NOT #Bereit', 'IF NOT #Alles_iO'],
      ['#Freigabe := #Bereit', '#Freigabe := #Alles_iO'],
    ),
    hood('XOR', ['#Kanal1 <> #Kanal2, PT', '#Kanal1 XOR #Kanal2, PT']),
    data('the batch is a bit longer', ['T#8m', 'T#9m']),
    data('the same time in another unit', ['T#250ms', 'T#0.25s']),
    data('a field more', ['      Chargen : DInt;', '      Chargen : DInt;\n      Rezeptname : String[20];']),
  ],
  refused: [kneader('the hood stays locked longer', ['PT := T#3s', 'PT := T#5s'])],
};
