import type { Logger } from 'pino';
import type { LoadedConfig } from '../config/index.ts';

/** What a balancer is started with. */
export interface StartOptions {
  readonly loaded: LoadedConfig;
  /** Name of the instance: of its lock and of its folder in bpffs. */
  readonly instance: string;
  /** Where warnings and events go; default nowhere. */
  readonly logger?: Logger | undefined;
  /** Reads the configuration again for a reload; default: the file that it came from. */
  readonly reread?: (() => Promise<LoadedConfig>) | undefined;
}
