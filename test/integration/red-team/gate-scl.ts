/** What is done to the robot gate: F blocks, stored demands, the sequence of the table and the clamping pressure. */

import { GATE_FILES } from './gate-scl-site.js';
import { inFile, type RedTeamMachine } from './red-team-machine.js';

const arret = inFile('src/F_Arret.scl');
const ilot = inFile('src/Ilot.scl');
const donnees = inFile('src/Donnees.scl');
const POWER = '"Sorties".RobotPuissance := #Contacteur.Q AND "F_Arret_DB".Ilot;';
const TABLE = '#Etape = #TOURNER AND #PieceSerree AND "F_Arret_DB".Ilot AND "Entrees".Tapis;';
const CLAMP = '(#Etape = #SERRER OR #PieceSerree) AND "F_Arret_DB".Chargement;';

export const GATE: RedTeamMachine = {
  name: 'robot gate in SCL',
  files: GATE_FILES,
  unsafe: [
    arret('the e-stop needs no acknowledgement: the robot is live when the button is pulled', [
      'ACK_NEC := TRUE,\n            ACK :=',
      'ACK_NEC := FALSE,\n            ACK :=',
    ]),
    arret(
      'the robot is stopped only with the delayed output',
      ['TIME_DEL := T#0ms', 'TIME_DEL := T#2s'],
      ['#Ilot := #Urgence.Q AND', '#Ilot := #Urgence.Q_DELAY AND'],
    ),
    arret('the e-stop stays healthy while the key is in set-up', [
      'E_STOP := "Entrees".ArretUrgence,',
      'E_STOP := "Entrees".ArretUrgence OR "Entrees".CleReglage,',
    ]),
    arret('the mat acknowledges the e-stop', [
      'ACK := "Entrees".Acquittement,\n            TIME_DEL',
      'ACK := "Entrees".Acquittement OR "Entrees".Tapis,\n            TIME_DEL',
    ]),
    arret('both contacts of the gate read from one terminal', [
      'ContactB := "Entrees".Portail_B',
      'ContactB := "Entrees".Portail_A',
    ]),
    arret('the first contact is a copy of the second', [
      'ContactA := "Entrees".Portail_A',
      'ContactA := "Entrees".Portail_B',
    ]),
    arret('the discrepancy time comes from the panel', [
      'Duree := "Parametres".Discordance',
      'Duree := "IHM".TempsSerrage',
    ]),
    arret('reset and demand in the other order of branches', [
      'IF NOT "F_Portail_DB".Ferme THEN\n      #Memoire := TRUE;\n   ELSIF #Front.Q THEN\n      #Memoire := FALSE;\n   END_IF;\n   #Ilot := #Urgence.Q AND "F_Portail_DB".Ferme AND NOT #Memoire;',
      'IF #Front.Q THEN\n      #Memoire := FALSE;\n   ELSIF NOT "F_Portail_DB".Ferme THEN\n      #Memoire := TRUE;\n   END_IF;\n   #Ilot := #Urgence.Q AND NOT #Memoire;',
    ]),
    arret('the memory of the open gate is released by a held button', [
      'ELSIF #Front.Q THEN',
      'ELSIF "Entrees".Acquittement THEN',
    ]),
    arret('the memory starts empty: the cell is live after power up', ['Memoire : Bool := TRUE;', 'Memoire : Bool;']),
    arret('the gate is remembered only while the robot is off', [
      'IF NOT "F_Portail_DB".Ferme THEN',
      'IF NOT "F_Portail_DB".Ferme AND NOT "Sorties".RobotPuissance THEN',
    ]),
    arret('the memory of the gate is not asked', [' AND NOT #Memoire;', ';']),
    arret('the clamp closes on a hand on the mat', [
      '#Chargement := #Urgence.Q AND "Entrees".Tapis;',
      '#Chargement := #Urgence.Q;',
    ]),
    arret('the mat releases without the e-stop', [
      '#Chargement := #Urgence.Q AND "Entrees".Tapis;',
      '#Chargement := #Urgence.Q OR "Entrees".Tapis;',
    ]),
    arret('the edge is taken of the e-stop, so that pulling the button resets', [
      '#Front(CLK := "Entrees".Acquittement);',
      '#Front(CLK := "Entrees".Acquittement OR "Entrees".ArretUrgence);',
    ]),
    arret('a first line skips the block in manual mode', [
      'BEGIN\n   #Front(',
      'BEGIN\n   IF "IHM".ModeManuel THEN\n      RETURN;\n   END_IF;\n   #Front(',
    ]),
    arret(
      'the gate block runs in every second state only',
      ['"F_Portail_DB"(ContactA', 'IF NOT "Entrees".CleReglage THEN\n   "F_Portail_DB"(ContactA'],
      ['Duree := "Parametres".Discordance);', 'Duree := "Parametres".Discordance);\n   END_IF;'],
    ),
    inFile('src/F_Portail.scl')('the certified gate block forgets the discrepancy', [' AND NOT #Discordant;\n', ';\n']),
    inFile('src/F_Portail.scl')('the certified gate block forgives a discrepancy when one contact opens', [
      'NOT #ContactA AND NOT #ContactB',
      'NOT #ContactA OR NOT #ContactB',
    ]),
    donnees('the contacts may differ for fifteen seconds', [
      'Discordance : Time := T#150ms',
      'Discordance : Time := T#15s',
    ]),
    donnees('a welded contactor is found after five minutes', [
      'RetourContacteur : Time := T#300ms',
      'RetourContacteur : Time := T#5m',
    ]),
    donnees('the table turns with a part held by half a bar', [
      'PressionMin : Real := 4.5',
      'PressionMin : Real := 0.45',
    ]),
    donnees('the state of the outputs is kept over a power failure', [
      'DATA_BLOCK "Sorties"\nVERSION : 0.1\nNON_RETAIN\n   VAR',
      'DATA_BLOCK "Sorties"\nVERSION : 0.1\n   VAR RETAIN',
    ]),
    inFile('src/FC_Pression.scl')('the pressure is scaled to sixteen bar on a ten bar transmitter', [
      'MAX := 10.0',
      'MAX := 16.0',
    ]),
    inFile('src/FC_Pression.scl')('a broken wire reads as full pressure', [
      '#FC_Pression := 0.0;',
      '#FC_Pression := 10.0;',
    ]),
    inFile('src/FC_Pression.scl')(
      'the arguments of the scaling are exchanged: no air reads as ten bar',
      ['SCALE_X(MIN := 0.0,', 'SCALE_X(MIN := 10.0,'],
      [', MAX := 10.0)', ', MAX := 0.0)'],
    ),
    ilot('the power of the robot follows the run bit', [POWER, '"Sorties".RobotPuissance := #Marche;']),
    ilot('the power of the robot no longer asks for the contactor feedback', [
      POWER,
      '"Sorties".RobotPuissance := #Marche AND "F_Arret_DB".Ilot;',
    ]),
    ilot('the gate is bridged with the key in set-up', [
      POWER,
      '"Sorties".RobotPuissance := #Contacteur.Q AND ("F_Arret_DB".Ilot OR "Entrees".CleReglage);',
    ]),
    ilot('the power is set and reset in two steps, and the gate is not among the resets', [
      POWER,
      'IF #Contacteur.Q AND "F_Arret_DB".Ilot THEN\n         "Sorties".RobotPuissance := TRUE;\n      ELSIF "Entrees".Arret THEN\n         "Sorties".RobotPuissance := FALSE;\n      END_IF;',
    ]),
    ilot('the feedback of the contactor is its own command', [
      'FEEDBACK := "Entrees".RetourK1',
      'FEEDBACK := NOT "Sorties".RobotPuissance',
    ]),
    ilot('a feedback error resets itself', [
      'ACK_NEC := TRUE,\n                  ACK :=',
      'ACK_NEC := FALSE,\n                  ACK :=',
    ]),
    ilot('the quality of the channel is ignored by being bad for ever and acknowledged for ever', [
      'ACK := "Entrees".Acquittement,\n                  FDB_TIME := "Parametres".RetourContacteur',
      'ACK := TRUE,\n                  FDB_TIME := T#24h',
    ]),
    ilot('the table turns onto a person on the mat', [
      TABLE,
      '#Etape = #TOURNER AND #PieceSerree AND "F_Arret_DB".Ilot;',
    ]),
    ilot('the table turns with the gate open', [
      TABLE,
      '#Etape = #TOURNER AND #PieceSerree AND "F_Arret_DB".Chargement;',
    ]),
    ilot('the clamp stays closed by itself: the mat no longer opens it', [
      CLAMP,
      '#PieceSerree OR #Etape = #SERRER AND "F_Arret_DB".Chargement;',
    ]),
    ilot('the clamp waits for the time or the pressure', [
      '#Duree.Q AND #Pression > "Parametres".PressionMin',
      '#Duree.Q OR #Pression > "Parametres".PressionMin',
    ]),
    ilot('the pressure is compared the wrong way round', [
      '#Pression > "Parametres".PressionMin',
      '#Pression < "Parametres".PressionMin',
    ]),
    ilot('the sequence goes on after the gate was opened', [
      '         #Marche := FALSE;\n         #Etape := #ATTENTE;\n',
      '         #Etape := #ATTENTE;\n',
    ]),
    ilot('the robot runs as long as start is held, gate or not', [
      'IF "Entrees".Arret OR NOT "F_Arret_DB".Ilot THEN\n         #Marche := FALSE;\n         #Etape := #ATTENTE;\n      ELSIF #FrontDepart.Q AND NOT "Entrees".CleReglage THEN\n         #Marche := TRUE;\n      END_IF;',
      'IF #FrontDepart.Q AND NOT "Entrees".CleReglage THEN\n         #Marche := TRUE;\n      ELSIF "Entrees".Arret AND NOT "F_Arret_DB".Ilot THEN\n         #Marche := FALSE;\n         #Etape := #ATTENTE;\n      END_IF;',
    ]),
    ilot('an absolute write reaches the power of the robot', [
      '"Sorties".VoyantDefaut :=',
      'IF "IHM".ModeManuel THEN\n         "Sorties".RobotPuissance := #Marche;\n      END_IF;\n      "Sorties".VoyantDefaut :=',
    ]),
    ilot('a peek and poke writes over the byte of the outputs', [
      '"Sorties".VoyantDefaut :=',
      'POKE(AREA := B#16#82, DBNUMBER := 0, BYTEOFFSET := 0, VALUE := B#16#FF);\n      "Sorties".VoyantDefaut :=',
    ]),
    ilot('the memory of the stop block is cleared from outside', [
      '   #FrontDepart(CLK := "Entrees".Depart);',
      '   #FrontDepart(CLK := "Entrees".Depart);\n   "F_Arret_DB".Memoire := "F_Arret_DB".Memoire AND NOT #FrontDepart.Q;',
    ]),
    ilot('a comment swallows the branch that clears the run bit', [
      '         #Marche := FALSE;\n         #Etape := #ATTENTE;\n      ELSIF',
      '         (* arrêt : #Marche := FALSE;\n         #Etape := #ATTENTE; *)\n         ;\n      ELSIF',
    ]),
    inFile('src/Main.scl')('the cell runs before the stop block', [
      '"F_Arret_DB"();\n   "Ilot_DB"();',
      '"Ilot_DB"();\n   "F_Arret_DB"();',
    ]),
    inFile('src/Main.scl')('the stop block is skipped in manual mode', [
      '"F_Arret_DB"();',
      'IF NOT "IHM".ModeManuel THEN\n      "F_Arret_DB"();\n   END_IF;',
    ]),
    inFile('src/Main.scl')('a second call of the stop block wears out the edge of the reset', [
      '"F_Arret_DB"();\n   "Ilot_DB"();',
      '"Entrees".ArretUrgence := "Entrees".ArretUrgence OR "IHM".ModeManuel;\n   "F_Arret_DB"();\n   "Ilot_DB"();',
    ]),
    {
      title: 'a copy of the certified gate block without the discrepancy takes its place',
      replacements: [
        ['src/F_Arret.scl', '"F_Portail_DB"(ContactA', '"F_Portail2_DB"(ContactA'],
        ['src/F_Arret.scl', 'IF NOT "F_Portail_DB".Ferme', 'IF NOT "F_Portail2_DB".Ferme'],
        ['src/F_Arret.scl', '#Urgence.Q AND "F_Portail_DB".Ferme', '#Urgence.Q AND "F_Portail2_DB".Ferme'],
      ],
      added: {
        'src/F_Portail2.scl':
          'FUNCTION_BLOCK "F_Portail2"\nVERSION : 1.3\n   VAR_INPUT\n      ContactA : Bool;\n      ContactB : Bool;\n      Duree : Time;\n   END_VAR\n   VAR_OUTPUT\n      Ferme : Bool;\n   END_VAR\nBEGIN\n   #Ferme := #ContactA AND #ContactB;\nEND_FUNCTION_BLOCK\n\nDATA_BLOCK "F_Portail2_DB"\nVERSION : 0.1\n"F_Portail2"\nBEGIN\nEND_DATA_BLOCK\n',
      },
    },
    {
      title: 'the table needs fewer conditions by the manifest and by the code',
      replacements: [
        ['plantwright.yaml', 'Entrees.Portail_B, Entrees.Tapis] }', 'Entrees.Portail_B] }'],
        ['src/Ilot.scl', TABLE, '#Etape = #TOURNER AND #PieceSerree AND "F_Arret_DB".Ilot;'],
      ],
    },
    {
      title: 'the gate block is no longer certified, to be changed next week',
      replacements: [['plantwright.yaml', '  certified: [src/F_Portail.scl]\n', '']],
    },
    {
      title: 'the scenario opens the gate for one scan only',
      replacements: [['scenarios/portail.yaml', 'value: false, for: 1s', 'value: true, for: 1s']],
    },
    {
      title: 'the limit of the discrepancy time is raised with the time',
      replacements: [
        ['plantwright.yaml', 'max: 200ms', 'max: 2s'],
        ['src/Donnees.scl', 'Discordance : Time := T#150ms', 'Discordance : Time := T#1500ms'],
      ],
    },
  ],
  harmless: [
    ilot('the position window in the other order', [
      '"Entrees".PosTable > 13800 AND "Entrees".PosTable < 13850',
      '"Entrees".PosTable < 13850 AND "Entrees".PosTable > 13800',
    ]),
    ilot('the power once more behind the emergency stop', [POWER, POWER.replace(';', ' AND "F_Arret_DB".Chargement;')]),
    ilot(
      'a part counter for the shift',
      ['      PieceSerree : Bool;', '      PieceSerree : Bool;\n      Equipe : DInt;'],
      [
        '"IHM".Compteur := "IHM".Compteur + 1;',
        '"IHM".Compteur := "IHM".Compteur + 1;\n            #Equipe := #Equipe + 1;',
      ],
    ),
    ilot('the fault code in one line', [
      'IF #Contacteur.ERROR THEN\n         "Sorties".CodeDefaut := W#16#0001;\n      ELSE\n         "Sorties".CodeDefaut := W#16#0000;\n      END_IF;',
      '"Sorties".CodeDefaut := W#16#0000;\n      IF #Contacteur.ERROR THEN\n         "Sorties".CodeDefaut := W#16#0001;\n      END_IF;',
    ]),
  ],
  refused: [donnees('a stronger pressure is asked for', ['PressionMin : Real := 4.5', 'PressionMin : Real := 4.8'])],
};
