import { describe, expect, test } from 'vitest';
import { type EndpointSecrets, isLocalAddress, resolveEndpoint, secretsFromEnvironment } from './endpoint.js';

const NONE: EndpointSecrets = { apiKey: null, authToken: null };

describe('the endpoint of the agent', () => {
  test('a key alone means the public address and the default model', () => {
    expect(resolveEndpoint({ baseUrl: null, model: null }, { apiKey: 'k', authToken: null })).toEqual({
      kind: 'endpoint',
      endpoint: {
        baseUrl: 'https://api.anthropic.com',
        model: 'claude-opus-5-5',
        credential: { kind: 'api-key', secret: 'k' },
      },
    });
  });

  test('a server on this machine needs no key', () => {
    expect(resolveEndpoint({ baseUrl: 'http://127.0.0.1:8000', model: 'qwen' }, NONE)).toMatchObject({
      kind: 'endpoint',
      endpoint: { credential: { kind: 'bearer', secret: 'local' } },
    });
  });

  test.each([
    ['no key and no address', { baseUrl: null, model: null }, NONE, 'ANTHROPIC_API_KEY'],
    ['another machine without a key', { baseUrl: 'http://gpu.plant.example', model: 'm' }, NONE, 'ANTHROPIC_API_KEY'],
    ['a server without a model', { baseUrl: 'http://localhost:1', model: null }, NONE, 'llm.model'],
    ['not an address', { baseUrl: 'localhost:8000', model: 'm' }, NONE, 'http(s)'],
  ])('says what is missing: %s', (_name, settings, secrets, expected) => {
    expect(resolveEndpoint(settings, secrets)).toMatchObject({
      kind: 'missing',
      message: expect.stringContaining(expected),
    });
  });

  test('blank variables of the environment are no secrets', () => {
    expect(secretsFromEnvironment({ ANTHROPIC_API_KEY: ' ', ANTHROPIC_AUTH_TOKEN: 't ' })).toEqual({
      apiKey: null,
      authToken: 't',
    });
  });

  test.each([
    ['http://127.0.0.1:8000', true],
    ['http://localhost', true],
    ['http://[::1]:8080', true],
    ['http://127.0.0.1.evil.example', false],
    ['https://api.anthropic.com', false],
  ])('%s is local: %s', (address, expected) => expect(isLocalAddress(address)).toBe(expected));
});
