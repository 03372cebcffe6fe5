/**
 * Which model an agent talks to, and with which credentials. Always explicit: the SDK would otherwise look for keys
 * and base URLs in the environment and on disk by itself, and the endpoint that the audit log names must be the one
 * that was used.
 */

/** A Messages API endpoint, remote or local. The secret never leaves this value: it is not logged and not stored. */
export interface ModelEndpoint {
  readonly baseUrl: string;
  readonly credential: { readonly kind: 'api-key' | 'bearer'; readonly secret: string };
  readonly model: string;
}

export const DEFAULT_MODEL = 'claude-opus-5-5';
export const ANTHROPIC_BASE_URL = 'https://api.anthropic.com';

/** What the fleet file or the settings say about the model; everything optional. */
export interface EndpointSettings {
  readonly baseUrl: string | null;
  readonly model: string | null;
}

/** Where secrets come from: the environment on the command line, the key store of the editor in VS Code. */
export interface EndpointSecrets {
  readonly apiKey: string | null;
  readonly authToken: string | null;
}

/** The secrets of a process environment: `ANTHROPIC_API_KEY`, or `ANTHROPIC_AUTH_TOKEN` for gateways and local servers. */
export function secretsFromEnvironment(environment: Readonly<Record<string, string | undefined>>): EndpointSecrets {
  return {
    apiKey: nonEmpty(environment['ANTHROPIC_API_KEY']),
    authToken: nonEmpty(environment['ANTHROPIC_AUTH_TOKEN']),
  };
}

export type ResolvedEndpoint =
  | { readonly kind: 'endpoint'; readonly endpoint: ModelEndpoint }
  | { readonly kind: 'missing'; readonly message: string };

/** True for an address that never leaves this machine. */
export function isLocalAddress(baseUrl: string): boolean {
  const host = URL.parse(baseUrl)?.hostname ?? '';
  return host === 'localhost' || host === '[::1]' || /^127(\.\d+){3}$/.test(host);
}

/**
 * Joins settings and secrets to an endpoint. A local server needs no key (it gets the token `local`); any other address
 * needs one. When something is missing the message says what the agent would need and where to put it.
 */
export function resolveEndpoint(settings: EndpointSettings, secrets: EndpointSecrets): ResolvedEndpoint {
  const baseUrl = settings.baseUrl ?? ANTHROPIC_BASE_URL;
  const protocol = URL.parse(baseUrl)?.protocol;
  if (protocol !== 'http:' && protocol !== 'https:') {
    return missing(
      `The base URL "${baseUrl}" is not an http(s) address. Write llm.base_url as for example http://127.0.0.1:8000.`,
    );
  }
  const model = settings.model ?? (settings.baseUrl === null ? DEFAULT_MODEL : null);
  if (model === null) {
    return missing(
      `The endpoint ${baseUrl} needs a model name: set llm.model in fleet.yaml to a model that it serves.`,
    );
  }
  if (secrets.apiKey !== null) {
    return { kind: 'endpoint', endpoint: { baseUrl, model, credential: { kind: 'api-key', secret: secrets.apiKey } } };
  }
  if (secrets.authToken !== null) {
    return {
      kind: 'endpoint',
      endpoint: { baseUrl, model, credential: { kind: 'bearer', secret: secrets.authToken } },
    };
  }
  if (isLocalAddress(baseUrl)) {
    return { kind: 'endpoint', endpoint: { baseUrl, model, credential: { kind: 'bearer', secret: 'local' } } };
  }
  return missing(
    `The agent would need a model: set ANTHROPIC_API_KEY for ${baseUrl}, or llm.base_url and llm.model in fleet.yaml for a Messages API server of your own (a server on this machine needs no key). Migrations with a recipe run without one.`,
  );
}

function missing(message: string): ResolvedEndpoint {
  return { kind: 'missing', message };
}

function nonEmpty(value: string | undefined): string | null {
  return value === undefined || value.trim() === '' ? null : value.trim();
}
