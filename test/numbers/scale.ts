const MB = 1_000_000;

/** How much goes through the balancer, in all. */
export interface Scale {
  readonly connections: number;
  /** Bodies of answers. */
  readonly bytes: number;
}

/** 10,000 connections and 1 GB with `npm run test:numbers`, a small part of that in `npm test`. */
export function scale(env: NodeJS.ProcessEnv = process.env): Scale {
  return env.NUMBERS === 'long'
    ? { connections: 10_000, bytes: 1000 * MB }
    : { connections: 200, bytes: 10 * MB };
}
