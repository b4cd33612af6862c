import { z } from '@hono/zod-openapi';
import type { Algorithm } from '../../config/index.ts';

/** How new connections choose their target. */
export const algorithmSchema = z
  .enum(['weighted-random', 'least-connections', 'round-robin', 'source-hash', 'maglev'])
  .describe('How new connections choose their target, by its weight.') satisfies z.ZodType<Algorithm>;
