import type { Logger } from 'pino';
import { AdminServer, type AnsweredRequest, followAdminApi, TcpAdmin } from '../../admin/index.ts';
import type { LoadedConfig } from '../../config/index.ts';
import { followMetrics, MetricsServer } from '../../metrics/index.ts';
import type { RunningBalancer } from '../control-plane.ts';
import type { CliIo } from '../io.ts';
import { type ConfigSource, loadSource } from './config-source.ts';
import { LateView } from './late-view.ts';
import { followLogLevel } from './log-level.ts';
import { errorFields } from './logger.ts';
import { checkHost } from './preflight.ts';
import { reloadWhenTold, serviceStatus, type ToldBalancer } from './reload.ts';
import { reopenWhenTold } from './reopen.ts';
import { ServiceManager } from './service-manager.ts';
import { listenForStop, type StopReason } from './stop.ts';

/** What the daemon is run with. */
export interface DaemonSetup {
  readonly source: ConfigSource;
  readonly loaded: LoadedConfig;
  readonly instance: string;
  readonly socketPath: string;
  /** Detach on SIGTERM too. */
  readonly detachOnExit: boolean;
  /** Reload whenever the configuration file changes. */
  readonly watch: boolean;
  readonly logger: Logger;
  /** The command line says how much to log: settings do not. */
  readonly isLevelAsked: boolean;
}

/**
 * Runs a balancer until it is told to stop: start, serve, wait, stop. Never leaves its socket behind.
 * @throws SluiceError of whatever could not be started or stopped.
 */
export async function runDaemon(setup: DaemonSetup, io: CliIo): Promise<void> {
  using stop = listenForStop(io, setup.logger);
  const view = new LateView(() => stop.request('detached'));
  // The socket comes first: a second daemon of this instance is refused before it touches the kernel.
  const onFault = (error: unknown) =>
    setup.logger.error(errorFields(error), 'a request to the admin API failed');
  const onAnswer = (request: AnsweredRequest) => setup.logger.debug(request, 'a request to the admin API');
  await using _admin = await AdminServer.start({ view, socketPath: setup.socketPath, onFault, onAnswer });
  await using tcp = new TcpAdmin({ view, onFault, onAnswer });
  await tcp.apply(setup.loaded.config.settings.adminApi);
  await using metrics = new MetricsServer({ collect: () => view.collectMetrics(), onFault });
  await metrics.apply(setup.loaded.config.settings.metrics);
  await checkHost(setup.loaded.config, io, setup.logger);
  const balancer = await startBalancer(setup, io);
  view.serve(balancer);
  const reason = await serve(setup, { balancer, tcp, metrics }, stop.reason, io).catch(
    async (error: unknown) => {
      await balancer.close();
      throw error;
    },
  );
  await stopBalancer(reason, setup, balancer);
}

/** What another configuration changes. */
interface Reloadable {
  readonly balancer: RunningBalancer;
  readonly tcp: TcpAdmin;
  readonly metrics: MetricsServer;
}

/** Announces that the balancer is ready and answers SIGHUP and changes of the file until there is a reason to stop. */
async function serve(
  setup: DaemonSetup,
  parts: Reloadable,
  reason: Promise<StopReason>,
  io: CliIo,
): Promise<StopReason> {
  await using _settings = followAdminApi(parts.tcp, parts.balancer, (error) =>
    setup.logger.error(errorFields(error), 'the admin API on TCP stays as it was'),
  );
  await using _metrics = followMetrics(parts.metrics, parts.balancer, (error) =>
    setup.logger.error(errorFields(error), 'the metrics server stays as it was'),
  );
  await using _level = setup.isLevelAsked
    ? null
    : followLogLevel(setup.logger, parts.balancer, setup.loaded.config.settings.logLevel);
  const manager = new ServiceManager(io, setup.logger);
  const told = { balancer: parts.balancer, manager };
  await using _reloads = reloadWhenTold(setup, told, io);
  await using _logs = reopenWhenTold(setup.logger, parts.balancer, io);
  await logReady(setup, parts);
  await using _pings = announce(told);
  return await reason;
}

/** Tells the service manager that the balancer is ready, then that it lives, and in the end that it stops. */
function announce({ balancer, manager }: ToldBalancer): AsyncDisposable {
  const stop = new AbortController();
  const isAlive = () => balancer.configuration.settled();
  const pinging = manager
    .ready(serviceStatus(balancer.size()))
    .then(() => manager.keepAlive(isAlive, stop.signal));
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await pinging;
      await manager.stopping();
    },
  };
}

async function startBalancer(setup: DaemonSetup, io: CliIo): Promise<RunningBalancer> {
  const { instance, logger, loaded, source } = setup;
  const { LoadBalancer } = await io.loadControl();
  const reread = source.kind === 'file' ? () => loadSource(source) : undefined;
  return LoadBalancer.start({ loaded, instance, logger, reread });
}

/** A status that cannot be read is no reason to end: packets are moved all the same. */
async function logReady(setup: DaemonSetup, { balancer, tcp, metrics }: Reloadable): Promise<void> {
  const { instance, socketPath: adminSocket, logger } = setup;
  const fields = await readyFields(setup, balancer).catch((error: unknown) => {
    logger.error(errorFields(error), 'the status cannot be read');
    return {};
  });
  const adminUrl = tcp.url === null ? {} : { adminUrl: tcp.url };
  const { url } = metrics.status();
  const metricsUrl = url === null ? {} : { metricsUrl: url };
  logger.info({ ...fields, instance, adminSocket, ...adminUrl, ...metricsUrl }, 'ready');
}

async function readyFields({ loaded }: DaemonSetup, balancer: RunningBalancer) {
  const { version, proxies, interfaces } = await balancer.status();
  return {
    version,
    config: loaded.file ?? 'command line',
    listeners: proxies.flatMap((proxy) => proxy.listeners),
    interfaces: Object.fromEntries(interfaces.map((entry) => [entry.name, entry.mode])),
  };
}

async function stopBalancer(
  reason: StopReason,
  setup: DaemonSetup,
  balancer: RunningBalancer,
): Promise<void> {
  const { instance, logger } = setup;
  try {
    if (reason === 'interrupt' || (reason === 'terminate' && setup.detachOnExit)) await balancer.detach();
  } finally {
    await balancer.close();
  }
  if (reason === 'terminate' && !setup.detachOnExit) {
    const detach = `sluice detach --instance ${instance}`;
    logger.info({ instance, detach }, 'stopped; the kernel keeps balancing until it is detached');
  } else {
    logger.info({ instance }, 'detached; nothing is left in the kernel');
  }
}
