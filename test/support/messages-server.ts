/**
 * A local HTTP server that speaks the Messages API: server-sent events, tool use, errors. Its replies are a script; the
 * requests it got are kept for assertions. A real server over a real socket, so that the SDK is tested as it is used.
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type ScriptedBlock =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool_use'; readonly name: string; readonly input: unknown };

export type ScriptedReply =
  | { readonly kind: 'message'; readonly blocks: readonly ScriptedBlock[]; readonly stop?: string }
  | { readonly kind: 'error'; readonly status: number; readonly type: string }
  | { readonly kind: 'raw'; readonly status: number; readonly contentType: string; readonly body: string }
  /** Accepts the request and never answers. */
  | { readonly kind: 'silence' };

export interface RecordedRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Record<string, unknown>;
}

export interface MessagesServer {
  readonly baseUrl: string;
  readonly requests: readonly RecordedRequest[];
  close(): Promise<void>;
}

/** Starts a server on a free port of this machine; reply N of the script answers request N, the last one repeats. */
export async function startMessagesServer(
  script: readonly ScriptedReply[] | ((request: RecordedRequest, index: number) => ScriptedReply),
): Promise<MessagesServer> {
  const requests: RecordedRequest[] = [];
  const server = createServer((request, response) => {
    void readBody(request).then((text) => {
      const recorded: RecordedRequest = {
        path: request.url ?? '',
        headers: request.headers,
        body: JSON.parse(text) as Record<string, unknown>,
      };
      const index = requests.push(recorded) - 1;
      const reply = typeof script === 'function' ? script(recorded, index) : script[Math.min(index, script.length - 1)];
      if (reply !== undefined) answer(response, reply, index, recorded.body['stream'] === true);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { baseUrl: `http://127.0.0.1:${port}`, requests, close: () => closeServer(server) };
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function answer(response: ServerResponse, reply: ScriptedReply, index: number, streaming: boolean): void {
  switch (reply.kind) {
    case 'silence':
      return;
    case 'raw':
      response.writeHead(reply.status, { 'content-type': reply.contentType }).end(reply.body);
      return;
    case 'error':
      response
        .writeHead(reply.status, { 'content-type': 'application/json' })
        .end(JSON.stringify({ type: 'error', error: { type: reply.type, message: `scripted ${reply.type}` } }));
      return;
    case 'message':
      if (streaming) streamMessage(response, reply, index);
      else
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(wholeMessage(reply, index)));
  }
}

type MessageReply = Extract<ScriptedReply, { kind: 'message' }>;

function stopReason(reply: MessageReply): string {
  return reply.stop ?? (reply.blocks.some((block) => block.type === 'tool_use') ? 'tool_use' : 'end_turn');
}

function wholeMessage(reply: MessageReply, index: number): unknown {
  return {
    ...emptyMessage(index),
    content: reply.blocks.map((block, position) =>
      block.type === 'text' ? block : { ...block, id: `toolu_${index}_${position}` },
    ),
    stop_reason: stopReason(reply),
    usage: { input_tokens: 100, output_tokens: 20 },
  };
}

function emptyMessage(index: number): Record<string, unknown> {
  return {
    id: `msg_${index}`,
    type: 'message',
    role: 'assistant',
    model: 'scripted-model',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 100, output_tokens: 1 },
  };
}

function streamMessage(response: ServerResponse, reply: MessageReply, index: number): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (type: string, data: Record<string, unknown>): void => {
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  };
  send('message_start', { message: emptyMessage(index) });
  for (const [position, block] of reply.blocks.entries()) {
    const isText = block.type === 'text';
    const start = isText
      ? { type: 'text', text: '' }
      : { type: 'tool_use', id: `toolu_${index}_${position}`, name: block.name, input: {} };
    send('content_block_start', { index: position, content_block: start });
    const text = isText ? block.text : JSON.stringify(block.input);
    // Two pieces, so that the client has to join them.
    for (const piece of [text.slice(0, text.length >> 1), text.slice(text.length >> 1)]) {
      const delta = isText ? { type: 'text_delta', text: piece } : { type: 'input_json_delta', partial_json: piece };
      send('content_block_delta', { index: position, delta });
    }
    send('content_block_stop', { index: position });
  }
  send('message_delta', {
    delta: { stop_reason: stopReason(reply), stop_sequence: null },
    usage: { output_tokens: 20 },
  });
  send('message_stop', {});
  response.end();
}
