import { mkdir } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { BridgeRequest } from '../suite/bridge-protocol.js';
import { freePort } from './free-port.js';

/**
 * Lets the tests, which run in the extension host, act on the window as a person does: press keys, click, read what
 * is shown, take screenshots. An HTTP server on the loopback interface in front of Playwright.
 */
export interface Bridge {
  readonly address: string;
  attach(page: Page): void;
  close(): void;
}

export async function startBridge(artifacts: string): Promise<Bridge> {
  await mkdir(artifacts, { recursive: true });
  const port = await freePort();
  let attach: (page: Page) => void = () => undefined;
  const attached = new Promise<Page>((resolve) => {
    attach = resolve;
  });
  const server = createServer((request, response) => {
    readBody(request)
      .then(async (body) => perform(await attached, JSON.parse(body), artifacts))
      .then(
        (result) => response.end(JSON.stringify({ result: result ?? null })),
        (error: unknown) =>
          response.end(JSON.stringify({ error: error instanceof Error ? error.message : String(error) })),
      );
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${port}`,
    attach: (page) => attach(page),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function perform(page: Page, request: BridgeRequest, artifacts: string): Promise<unknown> {
  switch (request.action) {
    case 'press':
      return page.keyboard.press(request.key);
    case 'type':
      return page.keyboard.type(request.text, { delay: 15 });
    case 'click':
      return page.locator(request.selector).first().click({ timeout: 20_000 });
    case 'wait':
      return page.locator(request.selector).first().waitFor({ state: request.state, timeout: request.milliseconds });
    case 'texts':
      return page.locator(request.selector).allInnerTexts();
    case 'frame-texts':
      return textsInFrames(page, request.selector);
    case 'frame-press':
      return pressInFrame(page, request.selector, request.key);
    case 'frame-click':
      return clickInFrame(page, request);
    case 'texts-behind':
      return page
        .locator(request.selector)
        .evaluateAll((elements) => elements.map((element) => getComputedStyle(element, '::after').content));
    case 'screenshot':
      await page.mouse.move(0, 0);
      return page.screenshot({ path: join(artifacts, `${request.name}.png`) });
  }
}

/** Texts of a selector in every frame: a webview is a frame in a frame. */
async function textsInFrames(page: Page, selector: string): Promise<string[]> {
  const texts: string[] = [];
  for (const frame of page.frames().slice(1)) {
    texts.push(
      ...(await frame
        .locator(selector)
        .allInnerTexts()
        .catch(() => [])),
    );
  }
  return texts;
}

async function pressInFrame(page: Page, selector: string, key: string): Promise<void> {
  for (const frame of page.frames().slice(1)) {
    const target = frame.locator(selector).first();
    if ((await target.count().catch(() => 0)) === 0) continue;
    await target.press(key);
    return;
  }
  throw new Error(`no frame shows ${selector}`);
}

async function clickInFrame(page: Page, request: Extract<BridgeRequest, { action: 'frame-click' }>): Promise<void> {
  const { selector, x, y, modifier, count } = request;
  for (const frame of page.frames().slice(1)) {
    const target = frame.locator(selector).first();
    if ((await target.count().catch(() => 0)) === 0) continue;
    await target.click({
      clickCount: count,
      timeout: 20_000,
      ...(x === null || y === null ? {} : { position: { x, y } }),
      ...(modifier === null ? {} : { modifiers: [modifier] }),
    });
    return;
  }
  throw new Error(`no frame shows ${selector}`);
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}
