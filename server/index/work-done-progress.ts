import type { Connection } from 'vscode-languageserver/node';
import type { IndexProgress } from './workspace-index.js';

/** Progress of indexing in the client, with a button that stops it; silent in a client that shows none. */
export async function startIndexProgress(connection: Connection, isShown: boolean): Promise<IndexProgress> {
  const controller = new AbortController();
  const { signal } = controller;
  if (!isShown) return { signal, report: () => undefined, done: () => undefined };
  const progress = await connection.window.createWorkDoneProgress();
  progress.token.onCancellationRequested(() => controller.abort());
  progress.begin('Indexing sites', 0, '', true);
  return {
    signal,
    report: (done, total) => progress.report(Math.floor((100 * done) / total), `${done} of ${total}`),
    done: () => progress.done(),
  };
}
