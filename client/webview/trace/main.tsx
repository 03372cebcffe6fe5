import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import {
  type HostMessage,
  type TraceContent,
  unpackContent,
  type ViewMessage,
  type ViewState,
  viewStateOf,
} from './trace-messages.js';
import { TraceView } from './trace-view.js';

interface VscodeApi {
  postMessage(message: ViewMessage): void;
  getState(): unknown;
  setState(state: ViewState): void;
}

declare function acquireVsCodeApi(): VscodeApi;

const vscode = acquireVsCodeApi();

function App(): preact.JSX.Element {
  const [content, setContent] = useState<TraceContent | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    const receive = ({ data }: MessageEvent<HostMessage>): void => {
      if (data.kind === 'problem') setProblem(data.message);
      else {
        setProblem(null);
        setContent(unpackContent(data.content));
      }
    };
    window.addEventListener('message', receive);
    vscode.postMessage({ kind: 'ready' });
    return () => window.removeEventListener('message', receive);
  }, []);
  if (problem !== null) return <p role="alert">{problem}</p>;
  if (content === null) return <p role="status">Running the simulation</p>;
  return (
    <TraceView
      content={content}
      initial={viewStateOf(vscode.getState())}
      post={(message) => vscode.postMessage(message)}
      save={(state) => vscode.setState(state)}
    />
  );
}

const root = document.getElementById('root');
if (root !== null) render(<App />, root);
