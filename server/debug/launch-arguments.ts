/**
 * What a launch configuration may hold. With a `site`, `file` and `line` say what a person looks at: the program or test
 * there is meant when none is named.
 */

import type { DebugProtocol } from '@vscode/debugprotocol';
import { z } from 'zod';
import { isSourcePath } from '../../core/formats/read-source.js';

const schema = z.object({
  site: z.string().min(1).optional(),
  file: z.string().min(1).optional(),
  line: z.number().int().positive().optional(),
  program: z.string().min(1).optional(),
  scenario: z.string().min(1).optional(),
  test: z.string().min(1).optional(),
  dialect: z.string().min(1).optional(),
  inputs: z.record(z.string().min(1), z.union([z.boolean(), z.number(), z.string()])).optional(),
  speed: z.enum(['fast', 'real-time']).optional(),
  scans: z.number().int().positive().optional(),
  loopLimit: z.number().int().positive().optional(),
  stopOnEntry: z.boolean().optional(),
  stopAtEnd: z.boolean().optional(),
  noDebug: z.boolean().optional(),
});

export type LaunchArguments = z.infer<typeof schema>;

/** Reads launch arguments; a mistake is told in the words of the configuration. */
export function readLaunchArguments(
  given: DebugProtocol.LaunchRequestArguments,
): { readonly launch: LaunchArguments } | { readonly problem: string } {
  const read = schema.safeParse(given);
  if (!read.success) {
    const [issue] = read.error.issues;
    return { problem: `launch configuration: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'it is not valid'}` };
  }
  const launch = withFileNamed(read.data);
  const { site, file } = launch;
  if (site === undefined && file === undefined)
    return {
      problem: 'launch configuration: name a "site" (a folder with plantwright.yaml) or a "file" with a program',
    };
  return { launch };
}

/** Many debuggers take a path as `program`: here it is the file with the program. */
function withFileNamed(launch: LaunchArguments): LaunchArguments {
  const { program, file, ...rest } = launch;
  return program === undefined || file !== undefined || !isSourcePath(program) ? launch : { ...rest, file: program };
}
