import * as z from 'zod';
import { HASH_TABLE_SIZES, RANGES } from '../limits.ts';
import { algorithm, DEFAULT_ALGORITHM } from './algorithm.ts';
import { map } from './collections.ts';
import { flag, integer } from './scalars.ts';

/** How connections choose targets, where a proxy does not say it. */
export const loadBalancingSchema = map(
  {
    algorithm: algorithm()
      .default(DEFAULT_ALGORITHM)
      .describe('How new connections choose their target where the proxy does not say it.'),
    weighted: flag()
      .default(true)
      .describe(
        'With `least-connections`: whether targets may have open connections in proportion to their weights; all alike when `false`.',
      ),
    updateIntervalMs: integer(RANGES.loadUpdateIntervalMs)
      .default(1000)
      .describe('With `least-connections`: how often weights follow the open connections, milliseconds.'),
    hashTableSize: z
      .literal(HASH_TABLE_SIZES, { error: `expected one of ${HASH_TABLE_SIZES.join(', ')}` })
      .default(16_381)
      .describe(
        'With `source-hash` and `maglev`: slots of a pool. Another size sends every client elsewhere.',
      ),
  },
  'a map of load balancing settings',
);
