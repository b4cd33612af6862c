import { defineConfig } from 'vitest/config';

/** All mutants, which take minutes: not part of `npm test`, so their file has another name than tests have. */
export default defineConfig({
  test: { include: ['test/mutants/all.ts'], disableConsoleIntercept: true, pool: 'forks' },
});
