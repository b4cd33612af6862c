import type { Logger } from 'pino';
import { type LoadedConfig, watchFile } from '../../config/index.ts';
import type { BalancerSize, ChangeReport } from '../../report/index.ts';
import type { RunningBalancer } from '../control-plane.ts';
import type { CliIo } from '../io.ts';
import type { ConfigSource } from './config-source.ts';
import { errorFields } from './logger.ts';
import type { ServiceManager } from './service-manager.ts';

/** What reloads need of the daemon. */
export interface ReloadSetup {
  /** What was read at the start. */
  readonly loaded: LoadedConfig;
  readonly source: ConfigSource;
  /** Reload whenever the configuration file changes. */
  readonly watch: boolean;
  readonly logger: Logger;
}

/** A balancer, and who is told what becomes of it. */
export interface ToldBalancer {
  readonly balancer: RunningBalancer;
  readonly manager: ServiceManager;
}

/** What `systemctl status` shows of a balancer. */
export function serviceStatus({ proxies, targets }: BalancerSize): string {
  const plural = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;
  return `balancing ${plural(proxies, 'proxy', 'proxies')}, ${plural(targets, 'target', 'targets')}`;
}

/**
 * Reads the configuration file again at SIGHUP, and when it has changed if that is wanted; one reload at a time. What runs
 * stays when the file is bad.
 */
export function reloadWhenTold(setup: ReloadSetup, told: ToldBalancer, io: CliIo): AsyncDisposable {
  const { source, watch } = setup;
  const stop = new AbortController();
  const { configuration } = told.balancer;
  const hangups = new Requests(() => logged(setup, told, () => configuration.reload()));
  const off = io.onSignal('SIGHUP', () => void hangups.ask());
  const onChange = () => hangups.after(() => logged(setup, told, () => configuration.reloadIfChanged()));
  const watching =
    watch && source.kind === 'file'
      ? watchFile(source.path, { signal: stop.signal, onChange, known: setup.loaded.stamp })
      : Promise.resolve();
  return {
    [Symbol.asyncDispose]: async () => {
      off();
      stop.abort();
      await watching;
      await hangups.done();
    },
  };
}

/** Work that is asked for again and again, one at a time. */
class Requests {
  readonly #work: () => Promise<void>;
  #running: Promise<void> = Promise.resolve();
  #isWaiting = false;

  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  ask(): void {
    // The one that waits will read the file as it is then.
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    void this.after(() => {
      this.#isWaiting = false;
      return this.#work();
    });
  }

  /** Does other work in turn. */
  after(work: () => Promise<void>): Promise<void> {
    this.#running = this.#running.then(work);
    return this.#running;
  }

  done(): Promise<void> {
    return this.#running;
  }
}

async function logged(
  { source, logger }: ReloadSetup,
  { balancer, manager }: ToldBalancer,
  reload: () => Promise<ChangeReport | null>,
): Promise<void> {
  if (source.kind === 'flags') {
    logger.warn('nothing to reload: the configuration came from the command line');
    return;
  }
  await manager.reloading();
  try {
    const report = await reload();
    if (report === null) return;
    for (const { where, message } of report.warnings) logger.warn(`${where}: ${message}`);
    logger.info({ config: source.path, changes: report.differences.length }, 'reloaded');
  } catch (error) {
    logger.error(errorFields(error), 'not reloaded; the last good configuration stays');
  } finally {
    await manager.ready(serviceStatus(balancer.size()));
  }
}
