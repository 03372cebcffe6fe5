import type { BridgeRequest } from './bridge-protocol.js';

/** The window as a person sees and uses it. */
export const appWindow = {
  press: async (key: string): Promise<void> => void (await ask({ action: 'press', key })),
  type: async (text: string): Promise<void> => void (await ask({ action: 'type', text })),
  click: async (selector: string): Promise<void> => void (await ask({ action: 'click', selector })),
  waitFor: async (selector: string): Promise<void> =>
    void (await ask({ action: 'wait', selector, state: 'visible', milliseconds: 30_000 })),
  waitUntilGone: async (selector: string): Promise<void> =>
    void (await ask({ action: 'wait', selector, state: 'hidden', milliseconds: 30_000 })),
  texts: async (selector: string): Promise<string[]> => textsOf(await ask({ action: 'texts', selector })),
  /** Texts inside webviews. */
  frameTexts: async (selector: string): Promise<string[]> => textsOf(await ask({ action: 'frame-texts', selector })),
  pressInWebview: async (selector: string, key: string): Promise<void> =>
    void (await ask({ action: 'frame-press', selector, key })),
  clickInWebview: async (
    selector: string,
    { x = null, y = null, modifier = null, count = 1 }: WebviewClick = {},
  ): Promise<void> => void (await ask({ action: 'frame-click', selector, x, y, modifier, count })),
  textsBehind: async (selector: string): Promise<string[]> => textsOf(await ask({ action: 'texts-behind', selector })),
  screenshot: async (name: string): Promise<void> => void (await ask({ action: 'screenshot', name })),
};

interface WebviewClick {
  readonly x?: number | null;
  readonly y?: number | null;
  readonly modifier?: 'Shift' | null;
  readonly count?: 1 | 2;
}

async function ask(request: BridgeRequest): Promise<unknown> {
  const address = process.env['PLANTWRIGHT_E2E_BRIDGE'];
  if (address === undefined) throw new Error('PLANTWRIGHT_E2E_BRIDGE is not set: start the suite by test/e2e/run.ts');
  const answer = await fetch(address, { method: 'POST', body: JSON.stringify(request) });
  const body: unknown = await answer.json();
  if (typeof body === 'object' && body !== null && 'error' in body) throw new Error(String(body.error));
  return typeof body === 'object' && body !== null && 'result' in body ? body.result : null;
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
