import type { ConfigInput } from '../config/index.ts';

/** Gives a configuration back as it is: editors complete and check it, as {@link startLoadBalancer} will. */
export function defineConfig(config: ConfigInput): ConfigInput {
  return config;
}
