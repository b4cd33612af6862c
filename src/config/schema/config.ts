import type * as z from 'zod';
import { list, map } from './collections.ts';
import { proxySchema } from './proxy.ts';
import { settingsSchema } from './settings.ts';

/** A whole configuration file. */
export const configSchema = map(
  {
    proxies: list(proxySchema, 'a list of one or more proxies').describe('The services to balance.'),
    settings: settingsSchema.prefault({}).describe('Settings of the whole balancer.'),
  },
  'a map with `proxies` and `settings`',
);

/** A configuration in the words of a file, with everything optional that has a default. */
export type ConfigInput = z.input<typeof configSchema>;
