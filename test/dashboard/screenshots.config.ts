import { defineConfig } from 'vitest/config';

/** `npm run screenshots`: not a test, but it needs what tests need. */
export default defineConfig({
  test: { include: ['test/dashboard/screenshots.ts'], testTimeout: 600_000, pool: 'forks' },
});
