import type { InitializeParams } from 'vscode-languageserver/node';
import { memberOf } from '../core/base/member.js';
import type { DiagnosticClient } from './diagnostics/diagnostics.js';
import { pathOfUri } from './workspace/document-path.js';

export interface ServerSettings {
  /** Milliseconds without a change before the safety rules run. */
  readonly delay: number;
  /** Dialect of files outside every site. */
  readonly dialect: string;
}

/**
 * Settings from `initializationOptions: {settings}` or a configuration change `{plantwright}`. Everything is
 * optional: a client that sends nothing gets the defaults.
 */
export function settingsOf(value: unknown): ServerSettings {
  const section = memberOf(value, 'settings') ?? memberOf(value, 'plantwright') ?? {};
  const delay = memberOf(memberOf(section, 'diagnostics'), 'delay') ?? memberOf(section, 'delay');
  const dialect = memberOf(section, 'dialect');
  return {
    delay: typeof delay === 'number' && delay >= 0 ? delay : 200,
    dialect: typeof dialect === 'string' ? dialect : 'codesys',
  };
}

/** Where indices of sites are kept, from `initializationOptions: {cacheFolder}`: null keeps none, nothing is the usual place. */
export function cacheFolderOf({ initializationOptions }: InitializeParams, usual: string): string | null {
  const written = memberOf(initializationOptions, 'cacheFolder');
  return written === null ? null : typeof written === 'string' && written !== '' ? written : usual;
}

/** Paths of the folders that the client has open. */
export function workspaceFoldersOf({ workspaceFolders }: InitializeParams): string[] {
  return (workspaceFolders ?? []).flatMap(({ uri }) => pathOfUri(uri) ?? []);
}

/** What the client can do, as far as the server cares. */
export function clientOf({ capabilities, initializationOptions }: InitializeParams): DiagnosticClient & {
  readonly registersConfiguration: boolean;
  readonly showsProgress: boolean;
} {
  const pageScheme = memberOf(initializationOptions, 'pageScheme');
  return {
    pulls: capabilities.textDocument?.diagnostic !== undefined,
    refreshes: capabilities.workspace?.diagnostics?.refreshSupport === true,
    relatedInformation: capabilities.textDocument?.publishDiagnostics?.relatedInformation === true,
    pageScheme: typeof pageScheme === 'string' ? pageScheme : null,
    showsProgress: capabilities.window?.workDoneProgress === true,
    registersConfiguration: capabilities.workspace?.didChangeConfiguration?.dynamicRegistration === true,
  };
}
