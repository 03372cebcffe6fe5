import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'core/**/*.test.ts',
      'cli/**/*.test.ts',
      'server/**/*.test.ts',
      'client/**/*.test.ts',
      'test/integration/**/*.test.ts',
      'test/mutation/**/*.test.ts',
      'scripts/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', '**/dist/**', 'test/fixtures/**'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
