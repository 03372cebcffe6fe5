import type * as vscode from 'vscode';

/** The debug adapter of the simulator. */
export const DEBUG_TYPE = 'plantwright-st';

/** Whether this extension brings the debug adapter: what needs it is offered only then. */
export function hasDebugger(context: vscode.ExtensionContext): boolean {
  const contributes: unknown = context.extension.packageJSON?.contributes?.debuggers;
  return (
    Array.isArray(contributes) &&
    contributes.some(
      (each: unknown) => typeof each === 'object' && each !== null && 'type' in each && each.type === DEBUG_TYPE,
    )
  );
}
