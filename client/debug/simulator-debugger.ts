import * as vscode from 'vscode';
import { Disposable } from '../base/disposable.js';
import type { Log } from '../base/log.js';
import { LANGUAGE_IDS } from '../language/language-server.js';
import { DEBUG_TYPE } from '../testing/debug-type.js';
import { DebugCommands } from './debug-commands.js';
import { LaunchConfigurations } from './launch-configuration.js';
import { RunStatusItem } from './run-status-item.js';
import { ValuesInLines, VariableAtMouse } from './source-values.js';

/** Debugging ST in the simulator. The adapter is a process of its own: a program that runs away harms no editor. */
export class SimulatorDebugger extends Disposable {
  constructor(context: vscode.ExtensionContext, log: Log) {
    super();
    const configurations = new LaunchConfigurations();
    const selector = LANGUAGE_IDS.map((language) => ({ scheme: 'file', language }));
    const status = this.register(new RunStatusItem());
    this.register(vscode.debug.registerDebugConfigurationProvider(DEBUG_TYPE, configurations));
    this.register(
      vscode.debug.registerDebugAdapterDescriptorFactory(DEBUG_TYPE, {
        createDebugAdapterDescriptor: () =>
          new vscode.DebugAdapterExecutable(process.execPath, [context.asAbsolutePath('dist/debug.js')], {
            env: { ELECTRON_RUN_AS_NODE: '1' },
          }),
      }),
    );
    this.register(vscode.languages.registerEvaluatableExpressionProvider(selector, new VariableAtMouse()));
    this.register(vscode.languages.registerInlineValuesProvider(selector, new ValuesInLines()));
    this.register(new DebugCommands(log, status));
  }
}
