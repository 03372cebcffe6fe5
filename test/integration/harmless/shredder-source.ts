/** A shredder with feed belt in Siemens SCL: data blocks, IEC timers, reversing on overload. The manifest names little. */

import type { Files } from './harmless-machine.js';

export const SHREDDER_FILES: Files = {
  'plantwright.yaml': `site: shredder-halle-7
location: Linz, AT
line_type: Recycling
plc_type: Siemens S7-1500
firmware_version: "2.9.3"
dialect: siemens
sources: [src/**]
entry: Main
cycle: 20ms
safety:
  rating: SIL-2
  performance_level: d
  signals:
    - { tag: DB_Input.EmergencyStop_OK, role: estop, zone: shredder }
    - { tag: DB_Input.HopperLid_Closed, role: guard, zone: shredder }
    - { tag: DB_Output.Rotor_Forward, role: hazard, zone: shredder }
    - { tag: DB_Output.Rotor_Reverse, role: hazard, zone: shredder }
  mutually_exclusive: [[DB_Output.Rotor_Forward, DB_Output.Rotor_Reverse]]
`,
  'src/10_Data.scl': `DATA_BLOCK "DB_Input"
{ S7_Optimized_Access := 'TRUE' }
VERSION : 0.1
NON_RETAIN
   VAR
      EmergencyStop_OK : Bool;   // TRUE = chain closed
      HopperLid_Closed : Bool;
      ServiceDoor_Closed : Bool;
      Button_Reset : Bool;
      Button_Start : Bool;
      Button_Stop : Bool;
      Belt_Feedback : Bool;
      Current_Raw : Int;   // 0..27648 = 0..200 A
      Level_Raw : Int;
   END_VAR
BEGIN
END_DATA_BLOCK

DATA_BLOCK "DB_Output"
{ S7_Optimized_Access := 'TRUE' }
VERSION : 0.1
NON_RETAIN
   VAR
      Rotor_Forward : Bool;
      Rotor_Reverse : Bool;
      Belt_Run : Bool;
      Lamp_Reset : Bool;
      Lamp_Fault : Bool;
   END_VAR
BEGIN
END_DATA_BLOCK

DATA_BLOCK "DB_HMI"
{ S7_Optimized_Access := 'TRUE' }
VERSION : 0.1
NON_RETAIN
   VAR
      Current : Real;
      Step : Int;
      Jams : DInt;
      Message : Int;
      Level : Real;
   END_VAR
BEGIN
END_DATA_BLOCK

DATA_BLOCK "DB_Param"
{ S7_Optimized_Access := 'TRUE' }
VERSION : 0.1
NON_RETAIN
   VAR
      CurrentRange : Real := 200.0;   // A
      JamCurrent : Real := 140.0;   // A
      MaxCurrent : Real := 180.0;   // A
      ReverseTime : Time := T#3s;
      PauseTime : Time := T#1s500ms;
      MaxJams : Int := 3;
   END_VAR
BEGIN
END_DATA_BLOCK
`,
  'src/20_Scale.scl': `FUNCTION "FC_Scale" : Real
{ S7_Optimized_Access := 'TRUE' }
VERSION : 0.1
   VAR_INPUT
      Raw : Int;
      High : Real;
   END_VAR
BEGIN
   "FC_Scale" := INT_TO_REAL(#Raw) / 27648.0 * #High;
END_FUNCTION
`,
  'src/30_Safety.scl': `// Stop functions of the shredder. A demand stays stored until the reset button is pressed.
FUNCTION_BLOCK "FB_Safety"
{ S7_Optimized_Access := 'TRUE' }
VERSION : 0.1
   VAR_OUTPUT
      Released : Bool;
      ResetNeeded : Bool;
   END_VAR
   VAR
      resetEdge : R_TRIG;
      stored : Bool := TRUE;
   END_VAR
   VAR_TEMP
      healthy : Bool;
   END_VAR
BEGIN
   #resetEdge(CLK := "DB_Input".Button_Reset);
   #healthy := "DB_Input".EmergencyStop_OK AND "DB_Input".HopperLid_Closed AND "DB_Input".ServiceDoor_Closed;
   IF NOT #healthy THEN
      #stored := TRUE;
   ELSIF #resetEdge.Q THEN
      #stored := FALSE;
   END_IF;
   #Released := #healthy AND NOT #stored;
   #ResetNeeded := #stored;
END_FUNCTION_BLOCK
`,
  'src/40_Rotor.scl': `// Rotor: forward; on a jam pause, reverse, pause, forward again. Too many jams in a row stop it.
FUNCTION_BLOCK "FB_Rotor"
{ S7_Optimized_Access := 'TRUE' }
VERSION : 0.1
   VAR_INPUT
      Enable : Bool;
      Start : Bool;
      Stop : Bool;
      Current : Real;
   END_VAR
   VAR_OUTPUT
      Forward : Bool;
      Reverse : Bool;
      Fault : Bool;
      Step : Int;
      Jams : DInt;
   END_VAR
   VAR
      startEdge : R_TRIG;
      jamDelay : TON_TIME;
      pause : TON_TIME;
      reverseTime : TON_TIME;
      inARow : Int;
      reserve : Bool;
   END_VAR
BEGIN
   #startEdge(CLK := #Start);
   IF NOT #Enable OR #Stop THEN
      #Step := 0;
   ELSIF #startEdge.Q AND #Step = 0 THEN
      #Fault := FALSE;
      #inARow := 0;
      #Step := 10;
   END_IF;

   #jamDelay(IN := #Step = 10 AND #Current > "DB_Param".JamCurrent, PT := T#800ms);
   #pause(IN := #Step = 20 OR #Step = 40, PT := "DB_Param".PauseTime);
   #reverseTime(IN := #Step = 30, PT := "DB_Param".ReverseTime);

   CASE #Step OF
      0:   // off
         ;
      10:   // forward
         IF #jamDelay.Q OR #Current > "DB_Param".MaxCurrent THEN
            #Jams := #Jams + 1;
            #inARow := #inARow + 1;
            IF #inARow > "DB_Param".MaxJams THEN
               #Fault := TRUE;
               #Step := 0;
            ELSE
               #Step := 20;
            END_IF;
         END_IF;
      20:   // pause before reverse
         IF #pause.Q THEN
            #Step := 30;
         END_IF;
      30:   // reverse
         IF #reverseTime.Q THEN
            #Step := 40;
         END_IF;
      40:   // pause before forward
         IF #pause.Q THEN
            #Step := 10;
         END_IF;
      ELSE
         #Step := 0;
   END_CASE;

   #Forward := #Step = 10 AND #Enable;
   #Reverse := #Step = 30 AND #Enable;
END_FUNCTION_BLOCK
`,
  'src/50_Shredder.scl': `FUNCTION_BLOCK "FB_Shredder"
{ S7_Optimized_Access := 'TRUE' }
VERSION : 0.1
   VAR
      safety : "FB_Safety";
      rotor : "FB_Rotor";
      beltDelay : TON_TIME;
      beltWatch : TON_TIME;
      beltFault : Bool;
   END_VAR
   VAR_TEMP
      current : Real;
      belt : Bool;
   END_VAR
BEGIN
   REGION Safety
      #safety();
   END_REGION

   REGION Rotor
      #current := "FC_Scale"(Raw := "DB_Input".Current_Raw, High := "DB_Param".CurrentRange);
      #rotor(Enable := #safety.Released,
             Start := "DB_Input".Button_Start,
             Stop := "DB_Input".Button_Stop,
             Current := #current);
   END_REGION

   REGION Belt
      #beltDelay(IN := #rotor.Forward, PT := T#2s);
      #belt := #beltDelay.Q AND #current < "DB_Param".JamCurrent AND NOT #beltFault;
      #beltWatch(IN := #belt AND NOT "DB_Input".Belt_Feedback, PT := T#1s);
      IF #beltWatch.Q THEN
         #beltFault := TRUE;
      ELSIF #rotor.Step = 0 THEN
         #beltFault := FALSE;
      END_IF;
   END_REGION

   REGION Outputs
      "DB_Output".Rotor_Forward := #rotor.Forward AND #safety.Released AND NOT #rotor.Reverse;
      "DB_Output".Rotor_Reverse := #rotor.Reverse AND #safety.Released AND NOT #rotor.Forward;
      "DB_Output".Belt_Run := #belt AND #safety.Released;
      "DB_Output".Lamp_Reset := #safety.ResetNeeded;
      "DB_Output".Lamp_Fault := #rotor.Fault OR #beltFault;
   END_REGION

   REGION Panel
      "DB_HMI".Current := #current;
      "DB_HMI".Step := #rotor.Step;
      "DB_HMI".Jams := #rotor.Jams;
      IF #rotor.Fault THEN
         "DB_HMI".Message := 1;
      ELSE
         IF #beltFault THEN
            "DB_HMI".Message := 2;
         ELSE
            "DB_HMI".Message := 0;
         END_IF;
      END_IF;
   END_REGION
END_FUNCTION_BLOCK

DATA_BLOCK "DB_Shredder"
{ S7_Optimized_Access := 'TRUE' }
VERSION : 0.1
NON_RETAIN
"FB_Shredder"
BEGIN
END_DATA_BLOCK

ORGANIZATION_BLOCK "Main"
{ S7_Optimized_Access := 'TRUE' }
VERSION : 0.1
BEGIN
   "DB_Shredder"();
END_ORGANIZATION_BLOCK
`,
};
