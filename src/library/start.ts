import { type Logger, pino } from 'pino';
import { defaultAdminSocket } from '../admin/index.ts';
import { type ConfigInput, loadConfigFile, parseConfigObject } from '../config/index.ts';
import { LoadBalancer } from '../control/index.ts';
import { ApiSide } from './api-side.ts';
import { RunningLoadBalancer } from './running.ts';

/** How to run a balancer. */
export interface StartLoadBalancerOptions {
  /** Name of the instance, for several on one host; default `default`. */
  readonly instance?: string | undefined;
  /** Where warnings and events go; default nowhere. */
  readonly logger?: Logger | undefined;
  /** Unix socket for the admin API, so that commands work; true: the usual one of the instance. Default none. */
  readonly adminSocket?: string | true | undefined;
  /**
   * What the end of an `await using` does: `detach` takes everything out of the kernel, `leave` lets the kernel go on balancing,
   * and the next start of the instance takes over. Default `detach`.
   */
  readonly onDispose?: 'detach' | 'leave' | undefined;
}

/**
 * Starts a balancer in this process, which needs what `sluice run` needs: root or capabilities, and libbpf.
 * @param source a configuration file, or a configuration in its words, see {@link defineConfig}
 * @throws SluiceError `config_invalid`, `file_unreadable`, and what {@link LoadBalancer.start} throws; then nothing is left
 */
export async function startLoadBalancer(
  source: string | ConfigInput,
  options: StartLoadBalancerOptions = {},
): Promise<RunningLoadBalancer> {
  const { instance = 'default', logger = pino({ level: 'silent' }), onDispose = 'detach' } = options;
  const loaded = typeof source === 'string' ? await loadConfigFile(source) : parseConfigObject(source);
  const core = await LoadBalancer.start({ loaded, instance, logger });
  try {
    const { adminSocket = null } = options;
    const socketPath = adminSocket === true ? defaultAdminSocket(instance) : adminSocket;
    const api = await ApiSide.start(core, { logger, socketPath });
    return new RunningLoadBalancer(core, { api, onDispose });
  } catch (error) {
    await core.detach();
    throw error;
  }
}
