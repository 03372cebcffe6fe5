import type { DebugProtocol } from '@vscode/debugprotocol';

/** What the adapter can do. */
export const CAPABILITIES: DebugProtocol.Capabilities = {
  supportsConfigurationDoneRequest: true,
  supportsConditionalBreakpoints: true,
  supportsHitConditionalBreakpoints: true,
  supportsLogPoints: true,
  supportsDataBreakpoints: true,
  supportsBreakpointLocationsRequest: true,
  supportsEvaluateForHovers: true,
  supportsStepBack: true,
  supportsSteppingGranularity: true,
  supportsSetVariable: true,
  supportsSetExpression: true,
  supportsRestartRequest: true,
  supportsTerminateRequest: true,
  supportsExceptionInfoRequest: true,
  supportsValueFormattingOptions: true,
  supportsCompletionsRequest: true,
  completionTriggerCharacters: ['.'],
  supportsDelayedStackTraceLoading: true,
  exceptionBreakpointFilters: [
    {
      filter: 'fault',
      label: 'Run-time faults',
      description: 'An index out of bounds, a division by zero, a null reference, an endless loop',
      default: true,
    },
    {
      filter: 'assertion',
      label: 'Failed assertions, expectations and invariants',
      description: 'What a test or a scenario checks',
      default: true,
    },
  ],
};
