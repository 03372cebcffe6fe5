import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Matrix } from './matrix.js';
import type { HostMessage, MatrixState, ViewMessage } from './matrix-state.js';

interface VscodeApi {
  postMessage(message: ViewMessage): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VscodeApi;

const vscode = acquireVsCodeApi();

function App(): preact.JSX.Element {
  const [state, setState] = useState<MatrixState | null>(null);
  useEffect(() => {
    const receive = (event: MessageEvent<HostMessage>): void => {
      if (event.data.kind === 'state') setState(event.data.state);
    };
    window.addEventListener('message', receive);
    vscode.postMessage({ kind: 'ready' });
    return () => window.removeEventListener('message', receive);
  }, []);
  if (state === null) return <p role="status">Reading the fleet</p>;
  return <Matrix state={state} openChange={(changeId) => vscode.postMessage({ kind: 'open-change', changeId })} />;
}

const root = document.getElementById('root');
if (root !== null) render(<App />, root);
