/**
 * The layers of ARCHITECTURE.md as rules: dependencies point downwards only.
 * Inside core the order, lowest first, is LAYERS; a folder may import only folders before it
 * (safety and simulation stand side by side, as do recipes and agent).
 */
const LAYERS = [['base'], ['language'], ['formats'], ['site'], ['safety', 'simulation'], ['proof'], ['verify'], ['recipes', 'agent'], ['fleet']];

const layerRules = LAYERS.flatMap((group, level) =>
  group.map((folder) => {
    const allowed = [folder, ...LAYERS.slice(0, level).flat()];
    return {
      name: `core-${folder}-imports-only-lower-layers`,
      severity: 'error',
      from: { path: `^core/${folder}/`, pathNot: '\\.test\\.ts$' },
      to: { path: '^core/', pathNot: `^core/(${allowed.join('|')})/` },
    };
  }),
);

export default {
  forbidden: [
    ...layerRules,
    {
      name: 'core-knows-no-editor',
      comment: 'core runs in the editor, the command line, a worker and a test: it knows no VS Code and no LSP',
      severity: 'error',
      from: { path: '^core/' },
      to: { path: '^(client|server|cli)/|^vscode$|vscode-languageserver|vscode-languageclient' },
    },
    { name: 'client-uses-core-only', severity: 'error', from: { path: '^client/' }, to: { path: '^(server|cli)/' } },
    { name: 'server-uses-core-only', severity: 'error', from: { path: '^server/' }, to: { path: '^(client|cli)/|^vscode$' } },
    { name: 'cli-uses-core-only', severity: 'error', from: { path: '^cli/' }, to: { path: '^(client|server)/|^vscode$' } },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    { name: 'no-orphans', severity: 'error', from: { orphan: true, pathNot: '\\.(test|config|d)\\.ts$|^test/|^scripts/' }, to: {} },
    { name: 'not-to-test', severity: 'error', from: { pathNot: '\\.test\\.ts$|^test/' }, to: { path: '\\.test\\.ts$|^test/' } },
    { name: 'no-dev-dependencies-in-the-product', severity: 'error', from: { path: '^(core|client|server|cli)/', pathNot: '\\.test\\.tsx?$|\\.test-data\\.ts$|/testing/' }, to: { dependencyTypes: ['npm-dev'], pathNot: '@types/' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    parser: 'swc',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'], exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
};
