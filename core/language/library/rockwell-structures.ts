/**
 * The predefined structures of Logix 5000 controllers with the members that programs name. Rockwell 1756-RM003,
 * 1756-RM006 (process control), MOTION-RM002. Structures of which the manuals leave members open are in
 * `ROCKWELL_OPEN_TYPES`: a member of one that is not listed is no error.
 */
export const ROCKWELL_TYPES = `
TIMER   | PRE ACC DINT, EN TT DN FS LS OV ER BOOL
COUNTER | PRE ACC DINT, CU CD DN OV UN BOOL
CONTROL | LEN POS DINT, EN EU DN EM ER UL IN FD BOOL
FBD_TIMER | EnableIn TimerEnable BOOL, PRE DINT, Reset EnableOut BOOL, ACC DINT, EN TT DN BOOL, Status DINT, InstructFault PresetInv BOOL
FBD_COUNTER | EnableIn CUEnable CDEnable BOOL, PRE DINT, Reset EnableOut BOOL, ACC DINT, CU CD DN OV UN BOOL
FBD_ONESHOT | EnableIn InputBit EnableOut OutputBit BOOL
FBD_MATH | EnableIn BOOL, SourceA SourceB REAL, EnableOut BOOL, Dest REAL
FBD_MATH_ADVANCED | EnableIn BOOL, Source REAL, EnableOut BOOL, Dest REAL
FBD_COMPARE | EnableIn BOOL, SourceA SourceB REAL, EnableOut Dest BOOL
FBD_LIMIT | EnableIn BOOL, LowLimit Test HighLimit REAL, EnableOut Dest BOOL
FBD_MASK_EQUAL | EnableIn BOOL, Source Mask Compare DINT, EnableOut Dest BOOL
FBD_MASKED_MOVE | EnableIn BOOL, Source Mask Target DINT, EnableOut BOOL, Dest DINT
FBD_LOGICAL | EnableIn BOOL, SourceA SourceB DINT, EnableOut BOOL, Dest DINT
FBD_CONVERT | EnableIn BOOL, Source DINT, EnableOut BOOL, Dest DINT
FBD_TRUNCATE | EnableIn BOOL, Source REAL, EnableOut BOOL, Dest DINT
FBD_BOOLEAN_AND | EnableIn In1 In2 In3 In4 In5 In6 In7 In8 EnableOut Out BOOL
FBD_BOOLEAN_OR | EnableIn In1 In2 In3 In4 In5 In6 In7 In8 EnableOut Out BOOL
FBD_BOOLEAN_XOR | EnableIn In1 In2 EnableOut Out BOOL
FBD_BOOLEAN_NOT | EnableIn In EnableOut Out BOOL
FBD_BIT_FIELD_DISTRIBUTE | EnableIn BOOL, Source SourceBit Length DestBit Target DINT, EnableOut BOOL, Dest DINT
DOMINANT_SET | EnableIn Set Reset EnableOut Out OutNot BOOL
DOMINANT_RESET | EnableIn Set Reset EnableOut Out OutNot BOOL
FLIP_FLOP_D | EnableIn D Clear Clock EnableOut Q QNot BOOL
FLIP_FLOP_JK | EnableIn Clear Clock EnableOut Q QNot BOOL
STRING | LEN DINT, DATA ANY
MESSAGE | Flags INT, EW ER DN ST EN TO EN_CC BOOL, ERR EXERR ERR_SRC DN_LEN REQ_LEN INT, DestinationLink DestinationNode SourceLink Class Attribute INT, Instance LocalIndex DINT, Channel SINT, Rack Group Slot SINT, Path RemoteElement ANY, UnconnectedTimeout ConnectionRate TimeoutMultiplier DINT
PID | CTL DINT, EN CT CL PVT DOE SWM CA MO PE NDF NOBC NOZC INI SPOR OLL OLH EWD DVNA DVPA PVLA PVHA BOOL, SP KP KI KD BIAS MAXS MINS DB SO MAXO MINO UPD PV ERR OUT PVH PVL DVP DVN PVDB DVDB MAXI MINI TIE MAXCV MINCV MINTIE MAXTIE REAL, DATA ANY
ALARM | EnableIn BOOL, In REAL, HHLimit HLimit LLimit LLLimit Deadband REAL, ROCPosLimit ROCNegLimit ROCPeriod REAL, EnableOut HHAlarm HAlarm LAlarm LLAlarm ROCPosAlarm ROCNegAlarm BOOL, ROC REAL, Status DINT, InstructFault DeadbandInv ROCPosLimitInv ROCNegLimitInv ROCPeriodInv BOOL
ALARM_DIGITAL | EnableIn In InFault Condition AckRequired Latched ProgAck OperAck ProgReset OperReset ProgSuppress OperSuppress ProgUnsuppress OperUnsuppress OperShelve ProgUnshelve OperUnshelve ProgDisable OperDisable ProgEnable OperEnable AlarmCountReset UseProgTime BOOL, ProgTime LINT, Severity MinDurationPRE ShelveDuration MaxShelveDuration DINT, EnableOut InAlarm Acked InAlarmUnack Suppressed Shelved Disabled Commissioned BOOL, MinDurationACC AlarmCount DINT, InAlarmTime AckTime RetToNormalTime AlarmCountResetTime ShelveTime UnshelveTime LINT, Status DINT, InstructFault InFaulted SeverityInv BOOL
ALARM_ANALOG | EnableIn BOOL, In REAL, InFault HHEnabled HEnabled LEnabled LLEnabled AckRequired ProgAckAll OperAckAll HHProgAck HHOperAck HProgAck HOperAck LProgAck LOperAck LLProgAck LLOperAck ROCPosProgAck ROCPosOperAck ROCNegProgAck ROCNegOperAck ProgSuppress OperSuppress ProgUnsuppress OperUnsuppress HHOperShelve HOperShelve LOperShelve LLOperShelve ROCPosOperShelve ROCNegOperShelve ProgUnshelveAll HHOperUnshelve HOperUnshelve LOperUnshelve LLOperUnshelve ROCPosOperUnshelve ROCNegOperUnshelve ProgDisable OperDisable ProgEnable OperEnable AlarmCountReset HHMinDurationEnable HMinDurationEnable LMinDurationEnable LLMinDurationEnable BOOL, HHLimit HLimit LLimit LLLimit REAL, HHSeverity HSeverity LSeverity LLSeverity MinDurationPRE ShelveDuration MaxShelveDuration DINT, Deadband ROCPosLimit ROCNegLimit ROCPeriod REAL, ROCPosSeverity ROCNegSeverity DINT, EnableOut InAlarm AnyInAlarmUnack HHInAlarm HInAlarm LInAlarm LLInAlarm ROCPosInAlarm ROCNegInAlarm HHAcked HAcked LAcked LLAcked ROCPosAcked ROCNegAcked HHInAlarmUnack HInAlarmUnack LInAlarmUnack LLInAlarmUnack ROCPosInAlarmUnack ROCNegInAlarmUnack Suppressed HHShelved HShelved LShelved LLShelved ROCPosShelved ROCNegShelved Disabled Commissioned BOOL, ROC REAL, MinDurationACC HHAlarmCount HAlarmCount LAlarmCount LLAlarmCount ROCPosAlarmCount ROCNegAlarmCount DINT, Status DINT, InstructFault InFaulted SeverityInv AlarmLimitsInv DeadbandInv ROCPosLimitInv ROCNegLimitInv ROCPeriodInv BOOL
SCALE | EnableIn BOOL, In InRawMax InRawMin InEUMax InEUMin REAL, Limiting EnableOut BOOL, Out REAL, MaxAlarm MinAlarm BOOL, Status DINT, InstructFault InRawRangeInv BOOL
SELECT | EnableIn BOOL, In1 In2 REAL, SelectorIn EnableOut BOOL, Out REAL
SELECTABLE_NEGATE | EnableIn BOOL, In REAL, NegateEnable EnableOut BOOL, Out REAL
SELECTED_SUMMER | EnableIn BOOL, In1 Gain1 REAL, Select1 BOOL, In2 Gain2 REAL, Select2 BOOL, In3 Gain3 REAL, Select3 BOOL, In4 Gain4 REAL, Select4 BOOL, In5 Gain5 REAL, Select5 BOOL, In6 Gain6 REAL, Select6 BOOL, In7 Gain7 REAL, Select7 BOOL, In8 Gain8 REAL, Select8 BOOL, Bias REAL, EnableOut BOOL, Out REAL
SFC_STEP | Status DINT, X FS SA LS DN OV AlarmEn AlarmLow AlarmHigh Reset PauseTimer BOOL, PRE T TMax Count LimitLow LimitHigh DINT
SFC_ACTION | Status DINT, A Q PauseTimer BOOL, PRE T Count DINT
SFC_STOP | X Reset BOOL, Count DINT
PHASE | State Running Holding Restarting Stopping Aborting Resetting Idle Held Complete Stopped Aborted ANY, Substate StepIndex Failure UnitID PendingRequest DINT, Pausing Paused AutoPause NewInputParameters Producing Standby Owner ANY
SERIAL_PORT_CONTROL | LEN POS ERROR DINT, EN EU DN RN EM ER FD BOOL
CAM | MASTER SLAVE REAL, SEGMENTTYPE DINT
CAM_PROFILE | STATUS DINT, TYPE DINT, MASTER SLAVE C0 C1 C2 C3 REAL
MOTION_INSTRUCTION | FLAGS DINT, EN DN ER PC IP AC DECEL ACCEL TRACKINGMASTER CALCULATEDDATAAVAILABLE BOOL, ERR INT, STATUS SINT, STATE SINT, SEGMENT DINT, EXERR SINT
DCI_STOP | EnableIn Reset InputStatus ChannelA ChannelB CircuitReset O1 FP BOOL, FaultCode DiagnosticCode DINT
DCI_START | EnableIn Enable InputStatus ChannelA ChannelB O1 FP Reset BOOL, FaultCode DiagnosticCode DINT
DCI_MONITOR | EnableIn InputStatus ChannelA ChannelB O1 FP Reset BOOL, FaultCode DiagnosticCode DINT
`;

/** Structures whose members differ between revisions or are too many to list here. */
export const ROCKWELL_OPEN_TYPES = [
  'AUX_VALVE_CONTROL',
  'AXIS_CIP_DRIVE',
  'AXIS_CONSUMED',
  'AXIS_GENERIC',
  'AXIS_GENERIC_DRIVE',
  'AXIS_SERVO',
  'AXIS_SERVO_DRIVE',
  'AXIS_VIRTUAL',
  'BUS_OBJ',
  'CAMSHAFT_MONITOR',
  'CB_CONTINUOUS_MODE',
  'CB_CRANKSHAFT_POS_MONITOR',
  'CB_INCH_MODE',
  'CB_SINGLE_STROKE_MODE',
  'CC',
  'CONFIGURABLE_ROUT',
  'CONNECTION_STATUS',
  'COORDINATE_SYSTEM',
  'DATALOG_INSTRUCTION',
  'DCAF_INPUT',
  'DCA_INPUT',
  'DCI_STOP_TEST',
  'DCI_STOP_TEST_LOCK',
  'DCI_STOP_TEST_MUTE',
  'DEADTIME',
  'DERIVATIVE',
  'DISCRETE_2STATE',
  'DISCRETE_3STATE',
  'DIVERSE_INPUT',
  'EIGHT_POS_MODE_SELECTOR',
  'EMERGENCY_STOP',
  'ENABLE_PENDANT',
  'EXT_ROUTINE_CONTROL',
  'EXT_ROUTINE_PARAMETERS',
  'FILTER_HIGH_PASS',
  'FILTER_LOW_PASS',
  'FILTER_NOTCH',
  'FIVE_POS_MODE_SELECTOR',
  'FUNCTION_GENERATOR',
  'HL_LIMIT',
  'HMIBC',
  'IMC',
  'INTEGRATOR',
  'LEAD_LAG',
  'LEAD_LAG_SEC_ORDER',
  'LIGHT_CURTAIN',
  'MAIN_VALVE_CONTROL',
  'MANUAL_VALVE_CONTROL',
  'MAXIMUM_CAPTURE',
  'MINIMUM_CAPTURE',
  'MMC',
  'MOTION_GROUP',
  'MOVING_AVERAGE',
  'MOVING_STD_DEV',
  'MULTIPLEXER',
  'OUTPUT_CAM',
  'OUTPUT_COMPENSATION',
  'PATH_DATA',
  'PHASE_INSTRUCTION',
  'PIDE_AUTOTUNE',
  'PID_ENHANCED',
  'POSITION_DATA',
  'POSITION_PROP',
  'PROP_INT',
  'PULSE_MULTIPLIER',
  'RAMP_SOAK',
  'RATE_LIMITER',
  'REDUNDANT_INPUT',
  'REDUNDANT_OUTPUT',
  'RUNG_CONTROL',
  'SAFETY_MAT',
  'SEC_ORDER_CONTROLLER',
  'SELECT_ENHANCED',
  'SEQUENCE',
  'SPLIT_RANGE',
  'S_CURVE',
  'TABLE_GENERATOR',
  'TC_VALVE',
  'THRS_ENHANCED',
  'TOTALIZER',
  'TWO_HAND_RUN_STATION',
  'UP_DOWN_ACCUM',
] as const;
