import { pino } from 'pino';
import { systemClock } from '../clock/index.ts';
import { Datapath, translateErrorsOf } from '../datapath/index.ts';
import { DnsWatcher, systemLookUp } from '../dns/index.ts';
import { takeBack } from '../errors/index.ts';
import { ipLocalPortRange } from '../host/index.ts';
import type { ConvergenceParts } from './convergence.ts';
import { expandHosts } from './expand-hosts.ts';
import { InstanceLock, statesPath } from './instance-lock.ts';
import { KernelSide } from './kernel-side.ts';
import { loggedFeed } from './logged-feed.ts';
import { snatPorts } from './snat-ports.ts';
import type { StartOptions } from './start-options.ts';
import { dnsWishes, indexesOf, readSurroundings, type Surroundings } from './surroundings.ts';
import { Sweeper } from './sweeper.ts';

/** Makes something of the parts, which are its own then; when it throws they are taken back. */
export type UseParts<T> = (parts: ConvergenceParts, lock: InstanceLock) => Promise<T>;

/**
 * Opens what a balancer is made of: the names of its targets, the lock of the instance, the data path. When that fails, or
 * `use` does, nothing is left that was not there before.
 * @throws SluiceError of each part, and what `use` throws
 */
export async function withParts<T>(options: StartOptions, use: UseParts<T>): Promise<T> {
  const names = new DnsWatcher({ lookUp: systemLookUp, clock: systemClock });
  try {
    await (await names.prepare(dnsWishes(options.loaded.config))).commit();
    return await withLock(names, options, use);
  } catch (error) {
    await names.close();
    throw error;
  }
}

async function withLock<T>(names: DnsWatcher, options: StartOptions, use: UseParts<T>): Promise<T> {
  const { instance, loaded } = options;
  const config = expandHosts(loaded.config, names.endpoints);
  const surroundings = await readSurroundings(config, loaded);
  const { settings } = config;
  const lock = InstanceLock.take(instance);
  try {
    return await translateErrorsOf(`starting instance ${instance}`, async () => {
      const datapath = Datapath.open({
        instance,
        maxFlows: settings.maxConnections,
        maxSources: settings.rateLimits.maxSources,
        snatPorts: snatPorts(await ipLocalPortRange()),
        ifindexes: indexesOf(surroundings.host),
      });
      return await withDatapath(datapath, surroundings, options, (parts) => use({ ...parts, names }, lock));
    });
  } catch (error) {
    throw takeBack(error, [{ where: 'lock', work: () => lock.close() }]);
  }
}

async function withDatapath<T>(
  datapath: Datapath,
  surroundings: Surroundings,
  { loaded, instance, logger = pino({ level: 'silent' }) }: StartOptions,
  use: (parts: Omit<ConvergenceParts, 'names'>) => Promise<T>,
): Promise<T> {
  try {
    return await use({
      loaded,
      logger,
      kernel: await KernelSide.open(datapath),
      surroundings,
      sweeper: new Sweeper(datapath),
      statesPath: statesPath(instance),
      feed: loggedFeed(logger),
    });
  } catch (error) {
    const indexes = indexesOf(surroundings.host);
    const leave = () => (datapath.adopted ? datapath.close() : datapath.destroy(indexes));
    throw takeBack(error, [{ where: `instance ${instance}`, work: leave }]);
  }
}
