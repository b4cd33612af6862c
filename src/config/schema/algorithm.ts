import type { Algorithm } from '../model.ts';
import { flag, oneOf } from './scalars.ts';

/** How new connections choose their target where nothing is said. */
export const DEFAULT_ALGORITHM: Algorithm = 'weighted-random';

/** How new connections choose their target. */
export function algorithm() {
  return oneOf(['weighted-random', 'least-connections', 'round-robin', 'source-hash', 'maglev']);
}

/** The settings of a proxy and of a route that say how connections choose their target. */
export function choice(inherited: string) {
  return {
    algorithm: algorithm()
      .optional()
      .describe(`How new connections choose their target, by the weights; ${inherited} when left out.`),
    sessionPersistence: flag()
      .optional()
      .describe(
        'Whether all connections of a client, of any port and protocol, go to one target: `true` is short for `algorithm: source-hash`.',
      ),
  };
}
