import packageJson from '../../package.json' with { type: 'json' };

/** The version of Plantwright, as in package.json. Part of every verdict. */
export const TOOL_VERSION: string = packageJson.version;
