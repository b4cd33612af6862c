import { type Lab, startIperf3, startNginx } from '../../lab/index.ts';
import { type Contender, WEB_PORT } from '../contenders/contender.ts';
import { Sluice } from '../contenders/sluice.ts';
import { startContender } from '../contenders/start.ts';

/** TCP port of iperf3, on the balancer and on the target. */
export const BULK_PORT = 5201;

/** Who is measured: each way to attach without and with flow events and the access log. */
export const STATS_CONTENDERS = [
  { name: 'sluice-native', attach: 'native', isOn: false },
  { name: 'sluice-native', attach: 'native', isOn: true },
  { name: 'sluice-tc', attach: 'tc', isOn: false },
  { name: 'sluice-tc', attach: 'tc', isOn: true },
] as const;
/** One of them. */
export type StatsContender = (typeof STATS_CONTENDERS)[number];

/** What is on when statistics are: flow events, or the access log too. */
export const STATS_PARTS = ['events', 'log'] as const;
/** One of them. */
export type StatsPart = (typeof STATS_PARTS)[number];

/** Flow events, and with `log` the access log too, on or off, as settings. */
export function statsSettings(
  isOn: boolean,
  part: StatsPart,
  directory: string,
): Readonly<Record<string, unknown>> {
  if (!isOn) return {};
  const accessLog = { enabled: true, path: `${directory}/access.log` };
  return { statsEnabled: true, ...(part === 'log' && { accessLog }) };
}

/** Starts one in a lab of its own, with nginx and iperf3. @throws SluiceError when something does not start */
export function startStatsContender(
  of: StatsContender,
  part: StatsPart,
  signal: AbortSignal,
): Promise<Contender> {
  const { name, attach, isOn } = of;
  const serve = async (lab: Lab) => {
    await startNginx(lab.target(), { port: WEB_PORT });
    await startIperf3(lab.target(), { port: BULK_PORT });
  };
  const services = [WEB_PORT, BULK_PORT].map((port) => ({ protocol: 'tcp', port }) as const);
  const balance = (lab: Lab) => {
    const settings = statsSettings(isOn, part, lab.directory);
    return Sluice.start(lab, { attach, services, target: lab.target().v4, settings }, signal);
  };
  return startContender(name, serve, balance, signal);
}
