/** A robot gate in Siemens SCL with F blocks, data blocks and IEC timers; French names, a full manifest. */

import type { Files } from './red-team-machine.js';

export const GATE_FILES: Files = {
  'plantwright.yaml': `site: portail-robot-6
location: Valenciennes, FR
line_type: Robot welding
plc_type: Siemens S7-1500F
firmware_version: "2.9.4"
dialect: siemens
sources: [src/**]
entry: Main
cycle: 10ms
safety:
  rating: SIL-3
  performance_level: e
  signals:
    - { tag: Entrees.ArretUrgence, role: estop, zone: ilot }
    - { tag: Entrees.Portail_A, role: guard, zone: ilot }
    - { tag: Entrees.Portail_B, role: guard, zone: ilot }
    - { tag: Entrees.Tapis, role: safety_mat, zone: chargement }
    - { tag: Entrees.RetourK1, role: edm, zone: surveillance }
    - { tag: Entrees.Acquittement, role: reset, zone: ilot }
    - { tag: Entrees.Depart, role: start, zone: ilot }
    - { tag: Entrees.CleReglage, role: mode }
    - { tag: Sorties.RobotPuissance, role: hazard, zone: ilot, off: false }
    - { tag: Sorties.TableRotation, role: hazard, zone: ilot, off: false, requires: [Entrees.ArretUrgence, Entrees.Portail_A, Entrees.Portail_B, Entrees.Tapis] }
    - { tag: Sorties.Serrage, role: hazard, zone: chargement, off: false, requires: [Entrees.ArretUrgence, Entrees.Tapis] }
    - { tag: IHM.*, role: operator }
  limits:
    - { tag: F_Portail_DB.Discordance.PT, max: 200ms }
  certified: [src/F_Portail.scl]
  protected: [src/F_Arret.scl]
checks:
  scenarios: [scenarios/**/*.yaml]
`,
  'src/Donnees.scl': `DATA_BLOCK "Entrees"
VERSION : 0.1
NON_RETAIN
   VAR
      ArretUrgence : Bool;   // VRAI = non actionné
      Portail_A : Bool;   // contact 1, fermé = VRAI
      Portail_B : Bool;   // contact 2
      Tapis : Bool;   // tapis sensible libéré = VRAI
      RetourK1 : Bool;   // contact miroir, VRAI = contacteur retombé
      Acquittement : Bool;
      Depart : Bool;
      Arret : Bool;
      CleReglage : Bool;
      PosTable : Int;   // 0..27648 = 0..360 degrés
      PressionBrute : Int;   // 0..27648 = 0..10 bar
      PieceA : Bool;
      PieceB : Bool;
   END_VAR
BEGIN
END_DATA_BLOCK

DATA_BLOCK "Sorties"
VERSION : 0.1
NON_RETAIN
   VAR
      RobotPuissance : Bool;
      TableRotation : Bool;
      Serrage : Bool;
      VoyantDefaut : Bool;
      CodeDefaut : Word;
   END_VAR
BEGIN
END_DATA_BLOCK

DATA_BLOCK "IHM"
VERSION : 0.1
NON_RETAIN
   VAR
      ModeManuel : Bool;
      ForcerPiece : Bool;
      Compteur : DInt;
      Recette : Int;
      TempsSerrage : Time := T#800ms;
   END_VAR
BEGIN
END_DATA_BLOCK

DATA_BLOCK "Parametres"
VERSION : 0.1
NON_RETAIN
   VAR
      Discordance : Time := T#150ms;
      RetourContacteur : Time := T#300ms;
      PressionMin : Real := 4.5;   // bar, serrage sûr
   END_VAR
BEGIN
END_DATA_BLOCK
`,
  'src/F_Portail.scl': `// Portail à deux contacts, bloc certifié : discordance mémorisée jusqu'à l'ouverture des deux
FUNCTION_BLOCK "F_Portail"
VERSION : 1.2
   VAR_INPUT
      ContactA : Bool;
      ContactB : Bool;
      Duree : Time;
   END_VAR
   VAR_OUTPUT
      Ferme : Bool;
      Discordant : Bool;
   END_VAR
   VAR
      Discordance {InstructionName := 'TON_TIME'; LibVersion := '1.0'} : TON_TIME;
   END_VAR
BEGIN
   #Discordance(IN := #ContactA XOR #ContactB, PT := #Duree);
   IF #Discordance.Q THEN
      #Discordant := TRUE;
   ELSIF NOT #ContactA AND NOT #ContactB THEN
      #Discordant := FALSE;
   END_IF;
   #Ferme := #ContactA AND #ContactB AND NOT #Discordant;
END_FUNCTION_BLOCK

DATA_BLOCK "F_Portail_DB"
VERSION : 0.1
"F_Portail"
BEGIN
END_DATA_BLOCK
`,
  'src/F_Arret.scl': `FUNCTION_BLOCK "F_Arret"
VERSION : 0.1
   VAR_OUTPUT
      Ilot : Bool;   // robot
      Chargement : Bool;   // serrage
      AAcquitter : Bool;
   END_VAR
   VAR
      Urgence {InstructionName := 'ESTOP1'; LibVersion := '1.3'} : ESTOP1;
      Contacteur {InstructionName := 'FDBACK'; LibVersion := '1.3'} : FDBACK;
      Front : R_TRIG;
      Memoire : Bool := TRUE;
   END_VAR
BEGIN
   #Front(CLK := "Entrees".Acquittement);
   #Urgence(E_STOP := "Entrees".ArretUrgence,
            ACK_NEC := TRUE,
            ACK := "Entrees".Acquittement,
            TIME_DEL := T#0ms);
   "F_Portail_DB"(ContactA := "Entrees".Portail_A,
                  ContactB := "Entrees".Portail_B,
                  Duree := "Parametres".Discordance);
   // le portail ouvert reste mémorisé jusqu'à l'acquittement
   IF NOT "F_Portail_DB".Ferme THEN
      #Memoire := TRUE;
   ELSIF #Front.Q THEN
      #Memoire := FALSE;
   END_IF;
   #Ilot := #Urgence.Q AND "F_Portail_DB".Ferme AND NOT #Memoire;
   #Chargement := #Urgence.Q AND "Entrees".Tapis;
   #AAcquitter := #Urgence.ACK_REQ OR #Memoire;
END_FUNCTION_BLOCK

DATA_BLOCK "F_Arret_DB"
VERSION : 0.1
"F_Arret"
BEGIN
END_DATA_BLOCK
`,
  'src/FC_Pression.scl': `FUNCTION "FC_Pression" : Real
VERSION : 0.1
   VAR_INPUT
      Brute : Int;
   END_VAR
BEGIN
   // 27648 = 10 bar ; rupture de fil sous zéro
   IF #Brute < 0 THEN
      #FC_Pression := 0.0;
   ELSE
      #FC_Pression := SCALE_X(MIN := 0.0, VALUE := NORM_X(MIN := 0, VALUE := #Brute, MAX := 27648), MAX := 10.0);
   END_IF;
END_FUNCTION
`,
  'src/Ilot.scl': `FUNCTION_BLOCK "Ilot"
VERSION : 0.1
   VAR
      FrontDepart : R_TRIG;
      Contacteur {InstructionName := 'FDBACK'; LibVersion := '1.3'} : FDBACK;
      Etape : Int;
      Marche : Bool;
      PieceSerree : Bool;
      Duree : TON_TIME;
   END_VAR
   VAR_TEMP
      Pression : Real;
      Pret : Bool;
   END_VAR
   VAR CONSTANT
      ATTENTE : Int := 0;
      SERRER : Int := 10;
      TOURNER : Int := 20;
      SOUDER : Int := 30;
      DESSERRER : Int := 40;
   END_VAR
BEGIN
   #FrontDepart(CLK := "Entrees".Depart);
   #Pression := "FC_Pression"(Brute := "Entrees".PressionBrute);

   REGION Marche
      IF "Entrees".Arret OR NOT "F_Arret_DB".Ilot THEN
         #Marche := FALSE;
         #Etape := #ATTENTE;
      ELSIF #FrontDepart.Q AND NOT "Entrees".CleReglage THEN
         #Marche := TRUE;
      END_IF;
   END_REGION

   REGION Cycle
      #Pret := "Entrees".PieceA AND ("Entrees".PieceB OR "IHM".Recette = 2);
      CASE #Etape OF
         #ATTENTE:
            #PieceSerree := FALSE;
            IF #Marche AND #Pret AND "F_Arret_DB".Chargement THEN
               #Etape := #SERRER;
            END_IF;
         #SERRER:
            IF NOT "F_Arret_DB".Chargement THEN
               #Etape := #ATTENTE;
            ELSIF #Duree.Q AND #Pression > "Parametres".PressionMin THEN
               #PieceSerree := TRUE;
               #Etape := #TOURNER;
            END_IF;
         #TOURNER:
            IF "Entrees".PosTable > 13800 AND "Entrees".PosTable < 13850 THEN
               #Etape := #SOUDER;
            END_IF;
         #SOUDER:
            IF #FrontDepart.Q THEN
               #Etape := #DESSERRER;
            END_IF;
         #DESSERRER:
            #Etape := #ATTENTE;
            "IHM".Compteur := "IHM".Compteur + 1;
         ELSE
            #Etape := #ATTENTE;
      END_CASE;
      #Duree(IN := #Etape = #SERRER, PT := "IHM".TempsSerrage);
   END_REGION

   REGION Sorties
      #Contacteur(ON := #Marche AND "F_Arret_DB".Ilot,
                  FEEDBACK := "Entrees".RetourK1,
                  QBAD_FIO := FALSE,
                  ACK_NEC := TRUE,
                  ACK := "Entrees".Acquittement,
                  FDB_TIME := "Parametres".RetourContacteur);
      "Sorties".RobotPuissance := #Contacteur.Q AND "F_Arret_DB".Ilot;
      "Sorties".TableRotation := #Etape = #TOURNER AND #PieceSerree AND "F_Arret_DB".Ilot AND "Entrees".Tapis;
      "Sorties".Serrage := (#Etape = #SERRER OR #PieceSerree) AND "F_Arret_DB".Chargement;
      "Sorties".VoyantDefaut := "F_Arret_DB".AAcquitter OR #Contacteur.ERROR;
      IF #Contacteur.ERROR THEN
         "Sorties".CodeDefaut := W#16#0001;
      ELSE
         "Sorties".CodeDefaut := W#16#0000;
      END_IF;
   END_REGION
END_FUNCTION_BLOCK

DATA_BLOCK "Ilot_DB"
VERSION : 0.1
"Ilot"
BEGIN
END_DATA_BLOCK
`,
  'src/Main.scl': `ORGANIZATION_BLOCK "Main"
VERSION : 0.1
BEGIN
   "F_Arret_DB"();
   "Ilot_DB"();
END_ORGANIZATION_BLOCK
`,
  'scenarios/portail.yaml': `name: le portail s'ouvre en production
program: Main
cycle: 10ms
steps:
  - { at: 0ms, set: { Entrees.ArretUrgence: true, Entrees.Portail_A: true, Entrees.Portail_B: true, Entrees.Tapis: true, Entrees.RetourK1: true } }
  - { at: 100ms, pulse: { Entrees.Acquittement: 50ms } }
  - { at: 300ms, pulse: { Entrees.Depart: 50ms } }
  - { at: 400ms, expect: { Sorties.RobotPuissance: true } }
  - { at: 410ms, set: { Entrees.RetourK1: false } }
  - { at: 600ms, fault: { tag: Entrees.Portail_B, kind: stuck_at, value: false, for: 1s } }
  - { at: 620ms, expect: { Sorties.RobotPuissance: false, Sorties.TableRotation: false } }
always: [Entrees.Portail_A AND Entrees.Portail_B OR NOT Sorties.RobotPuissance]
until: 1s
`,
};
