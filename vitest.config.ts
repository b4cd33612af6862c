import { configDefaults, defineConfig } from 'vitest/config';

/**
 * System tests that do not bear company: they measure or flood, leave labs of dead creators on purpose, or compare with
 * everything that the kernel has.
 */
const ALONE = [
  'test/e2e/*flood.test.ts',
  'test/e2e/health-passive.test.ts',
  'test/e2e/rate-limits.test.ts',
  'test/lab/services.test.ts',
  'test/lab/teardown.test.ts',
  'test/libbpf/{map,object}.test.ts',
];

/** Far more than anything takes on a quiet machine: a slow one shall be slow, not red. */
const PATIENCE = { testTimeout: 240_000, hookTimeout: 180_000 };
/** Of `expect.poll` that says nothing else; a second by default. */
const POLLS = { poll: { timeout: 20_000 } };

/** Files at a time, one more than cores: a file of system tests mostly waits, for processes and for the kernel. */
const WORKERS = 3;

/**
 * Three projects: `unit` (beside the code, no root), `system` (test/: root, namespaces, the real kernel; what a file makes
 * is its own, so two run side by side) and `alone` (those that need the machine for themselves, one after another at the
 * end).
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{src,dashboard,lab,bench,soak,scripts}/**/*.test.ts'],
          testTimeout: 60_000,
          expect: POLLS,
          // Modules have no state, so files may share them: most of the time went into loading them anew.
          isolate: false,
          maxWorkers: WORKERS,
        },
      },
      {
        test: {
          name: 'system',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...ALONE],
          ...PATIENCE,
          expect: POLLS,
          pool: 'forks',
          isolate: false, // as above
          maxWorkers: WORKERS,
        },
      },
      {
        test: {
          name: 'alone',
          include: ALONE,
          ...PATIENCE,
          expect: POLLS,
          pool: 'forks',
          fileParallelism: false,
        },
      },
    ],
  },
});
