/**
 * PLCopen Safety Software, part 1 (v2.x), with blocks of part 4 (presses) as far as they are public: pins only, in the
 * order of the specification. What the blocks do is modelled by the simulator and the prover.
 */
export const PLCOPEN_SAFETY_BLOCKS = `
SF_EmergencyStop | Activate? BOOL, S_EStopIn SAFEBOOL, S_StartReset? S_AutoReset? SAFEBOOL, Reset? BOOL | Ready BOOL, S_EStopOut SAFEBOOL, SafetyDemand ResetRequest Error BOOL, DiagCode WORD
SF_ESPE | Activate? BOOL, S_ESPE_In SAFEBOOL, S_StartReset? S_AutoReset? SAFEBOOL, Reset? BOOL | Ready BOOL, S_ESPE_Out SAFEBOOL, SafetyDemand ResetRequest Error BOOL, DiagCode WORD
SF_PSE | Activate? BOOL, S_PSE_In SAFEBOOL, S_StartReset? S_AutoReset? SAFEBOOL, Reset? BOOL | Ready BOOL, S_PSE_Out SAFEBOOL, SafetyDemand ResetRequest Error BOOL, DiagCode WORD
SF_Equivalent | Activate? BOOL, S_ChannelA S_ChannelB SAFEBOOL, DiscrepancyTime? TIME | Ready BOOL, S_EquivalentOut SAFEBOOL, SafetyDemand Error BOOL, DiagCode WORD
SF_Antivalent | Activate? BOOL, S_ChannelNC S_ChannelNO SAFEBOOL, DiscrepancyTime? TIME | Ready BOOL, S_AntivalentOut SAFEBOOL, SafetyDemand Error BOOL, DiagCode WORD
SF_ModeSelector | Activate? BOOL, S_Mode0? S_Mode1? S_Mode2? S_Mode3? S_Mode4? S_Mode5? S_Mode6? S_Mode7? S_Unlock? S_SetMode? SAFEBOOL, AutoSetMode? BOOL, ModeMonitorTime? TIME, Reset? BOOL | Ready BOOL, S_Mode0Sel S_Mode1Sel S_Mode2Sel S_Mode3Sel S_Mode4Sel S_Mode5Sel S_Mode6Sel S_Mode7Sel S_AnyModeSel SAFEBOOL, SafetyDemand ResetRequest Error BOOL, DiagCode WORD
SF_GuardMonitoring | Activate? BOOL, S_GuardSwitch1 S_GuardSwitch2 SAFEBOOL, DiscrepancyTime? TIME, S_StartReset? S_AutoReset? SAFEBOOL, Reset? BOOL | Ready BOOL, S_GuardMonitoring SAFEBOOL, SafetyDemand ResetRequest Error BOOL, DiagCode WORD
SF_Guard | Activate? BOOL, S_GuardSwitch1? S_GuardSwitch2? S_GuardSwitch? SAFEBOOL, DiscrepancyTime? TIME, S_StartReset? S_AutoReset? SAFEBOOL, Reset? BOOL | Ready BOOL, S_GuardOut S_Guard SAFEBOOL, SafetyDemand ResetRequest Error BOOL, DiagCode WORD
SF_GuardLocking | Activate? BOOL, S_GuardMonitoring S_SafetyActive S_GuardLock SAFEBOOL, UnlockRequest? BOOL, S_StartReset? S_AutoReset? SAFEBOOL, Reset? BOOL | Ready BOOL, S_GuardLocked S_UnlockGuard SAFEBOOL, SafetyDemand ResetRequest Error BOOL, DiagCode WORD
SF_GuardLocking_2 | Activate? BOOL, S_GuardMonitoring S_SafetyActive S_GuardLock SAFEBOOL, UnlockRequest? BOOL, S_StartReset? S_AutoReset? SAFEBOOL, Reset? BOOL | Ready BOOL, S_GuardLocked S_UnlockGuard SAFEBOOL, SafetyDemand ResetRequest Error BOOL, DiagCode WORD
SF_GuardLockingSerial | Activate? BOOL, S_GuardMonitoring S_SafetyActive S_GuardLock SAFEBOOL, UnlockRequest? BOOL, S_StartReset? S_AutoReset? SAFEBOOL, Reset? BOOL | Ready BOOL, S_GuardLocked S_UnlockGuard SAFEBOOL, SafetyDemand ResetRequest Error BOOL, DiagCode WORD
SF_TwoHandControlTypeII | Activate? BOOL, S_Button1 S_Button2 SAFEBOOL | Ready BOOL, S_TwoHandOut SAFEBOOL, SafetyDemand Error BOOL, DiagCode WORD
SF_TwoHandControlTypeIII | Activate? BOOL, S_Button1 S_Button2 SAFEBOOL | Ready BOOL, S_TwoHandOut SAFEBOOL, SafetyDemand Error BOOL, DiagCode WORD
SF_TwoHandControlTypeIIIC | Activate? BOOL, S_Button1NO S_Button1NC S_Button2NO S_Button2NC SAFEBOOL | Ready BOOL, S_TwoHandOut SAFEBOOL, SafetyDemand Error BOOL, DiagCode WORD
SF_TestableSafetySensor | Activate? BOOL, S_OSSD_In SAFEBOOL, StartTest? BOOL, TestTime? TIME, NoExternalTest? BOOL, S_StartReset? S_AutoReset? SAFEBOOL, Reset? BOOL | Ready BOOL, S_OSSD_Out SAFEBOOL, S_TestOut TestPossible TestExecuted BOOL, SafetyDemand ResetRequest Error BOOL, DiagCode WORD
SF_MutingSeq | Activate? BOOL, S_AOPD_In SAFEBOOL, MutingSwitch11 MutingSwitch12 MutingSwitch21 MutingSwitch22 BOOL, S_MutingLamp? SAFEBOOL, MaxMutingTime? TIME, MutingEnable? BOOL, S_StartReset? SAFEBOOL, Reset? BOOL | Ready BOOL, S_AOPD_Out S_MutingActive SAFEBOOL, SafetyDemand ResetRequest Error BOOL, DiagCode WORD
SF_MutingPar | Activate? BOOL, S_AOPD_In SAFEBOOL, MutingSwitch11 MutingSwitch12 MutingSwitch21 MutingSwitch22 BOOL, S_MutingLamp? SAFEBOOL, DiscTime11_12? DiscTime21_22? MaxMutingTime? TIME, MutingEnable? BOOL, S_StartReset? SAFEBOOL, Reset? BOOL | Ready BOOL, S_AOPD_Out S_MutingActive SAFEBOOL, SafetyDemand ResetRequest Error BOOL, DiagCode WORD
SF_MutingPar_2Sensor | Activate? BOOL, S_AOPD_In S_MutingSwitch11 S_MutingSwitch12 SAFEBOOL, S_MutingLamp? SAFEBOOL, DiscTimeEntry? MaxMutingTime? TIME, MutingEnable? BOOL, S_StartReset? SAFEBOOL, Reset? BOOL | Ready BOOL, S_AOPD_Out S_MutingActive SAFEBOOL, SafetyDemand ResetRequest Error BOOL, DiagCode WORD
SF_EnableSwitch | Activate? BOOL, S_SafetyActive S_EnableSwitchCh1 S_EnableSwitchCh2 SAFEBOOL, S_AutoReset? SAFEBOOL, Reset? BOOL | Ready BOOL, S_EnableSwitchOut SAFEBOOL, SafetyDemand ResetRequest Error BOOL, DiagCode WORD
SF_EnableSwitch_2 | Activate? BOOL, S_SafetyActive SAFEBOOL, S_EnableIn? S_EnableSwitchCh1? S_EnableSwitchCh2? SAFEBOOL, S_AutoReset? SAFEBOOL, Reset? BOOL | Ready BOOL, S_EnableSwitchOut SAFEBOOL, SafetyDemand ResetRequest Error BOOL, DiagCode WORD
SF_SafetyRequest | Activate? BOOL, S_OpMode S_Acknowledge SAFEBOOL, MonitoringTime? TIME, Reset? BOOL | Ready BOOL, S_SafetyActive S_SafetyRequest SAFEBOOL, SafetyDemand ResetRequest Error BOOL, DiagCode WORD
SF_OutControl | Activate? BOOL, S_SafeControl SAFEBOOL, ProcessControl? StaticControl? BOOL, S_StartReset? S_AutoReset? SAFEBOOL, Reset? BOOL | Ready BOOL, S_OutControl SAFEBOOL, SafetyDemand ResetRequest Error BOOL, DiagCode WORD
SF_EDM | Activate? BOOL, S_OutControl SAFEBOOL, EDM1 EDM2 BOOL, MonitoringTime? TIME, S_StartReset? SAFEBOOL, Reset? BOOL | Ready BOOL, S_EDM_Out SAFEBOOL, SafetyDemand ResetRequest Error BOOL, DiagCode WORD
SF_ResetButton | Activate? ResetRequested? ResetIn? BOOL, S_ResetIn? SAFEBOOL, TrailingMinimum? TrailingMaximum? TIME, Reset? BOOL | Ready ResetOut BOOL, S_ResetOut SAFEBOOL, Error BOOL, DiagCode WORD
SF_Override | Activate? BOOL, S_AOPD_In SAFEBOOL, OverrideRequest? BOOL, MaxOverrideTime? TIME, Reset? BOOL | Ready BOOL, S_AOPD_Out S_OverrideActive SAFEBOOL, SafetyDemand ResetRequest Error BOOL, DiagCode WORD
SF_FootSwitch | Activate? BOOL, S_FootSwitchNO S_FootSwitchNC SAFEBOOL, DiscrepancyTime? TIME, Reset? BOOL | Ready BOOL, S_FootSwitchOut SAFEBOOL, SafetyDemand ResetRequest Error BOOL, DiagCode WORD
`;
