import { defineConfig } from 'vitest/config';

/**
 * Two projects: `unit` (beside the code, no root, in parallel) and `system` (test/: root, namespaces,
 * the real kernel; one file at a time, because the machine is shared).
 */
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['{src,lab,bench,soak,scripts}/**/*.test.ts'], testTimeout: 20_000 } },
      {
        test: {
          name: 'system',
          include: ['test/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          pool: 'forks',
        },
      },
    ],
  },
});
