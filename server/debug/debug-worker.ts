/** The thread that runs a program under the debugger. */

import { parentPort, workerData } from 'node:worker_threads';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { SimulatorSession } from './simulator-session.js';

const pause = new Int32Array(workerData as SharedArrayBuffer);
const session = new SimulatorSession({
  isOn: () => Atomics.load(pause, 0) !== 0,
  clear: () => void Atomics.store(pause, 0, 0),
});
// Plain copies: a message may hold objects of the library, which a thread can not hand over.
session.onDidSendMessage((message) => parentPort?.postMessage(JSON.parse(JSON.stringify(message))));
parentPort?.on('message', (message: DebugProtocol.ProtocolMessage) => session.handleMessage(message));
