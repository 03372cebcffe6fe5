import { readFileSync } from 'node:fs';
import { digestOf } from '../../core/base/digest.js';
import { TOOL_VERSION } from '../../core/base/version.js';

/** Names the exact program in a file: two builds of one version may find different things. */
export function engineName(file: string): string {
  return `${TOOL_VERSION} ${digestOf(readFileSync(file))}`;
}
