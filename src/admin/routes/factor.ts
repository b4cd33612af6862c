import { z } from '@hono/zod-openapi';
import type { FactorReport } from '../../report/index.ts';

/** One factor of a weight. */
export const factorSchema = z
  .strictObject({
    value: z.number().describe('From 0 (no new connections) to 1 (the full share).'),
    reason: z.string().describe('Why.'),
  })
  .openapi('Factor', { description: 'What one thing leaves of a weight.' }) satisfies z.ZodType<FactorReport>;
