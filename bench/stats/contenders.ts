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

/** Flow events and the access log on or off, as settings. */
export function statsSettings(isOn: boolean, directory: string): Readonly<Record<string, unknown>> {
  return isOn ? { statsEnabled: true, accessLog: { enabled: true, path: `${directory}/access.log` } } : {};
}

/** Starts one in a lab of its own, with nginx and iperf3. @throws SluiceError when something does not start */
export function startStatsContender(of: StatsContender, signal: AbortSignal): Promise<Contender> {
  const { name, attach, isOn } = of;
  const serve = async (lab: Lab) => {
    await startNginx(lab.target(), { port: WEB_PORT });
    await startIperf3(lab.target(), { port: BULK_PORT });
  };
  const services = [WEB_PORT, BULK_PORT].map((port) => ({ protocol: 'tcp', port }) as const);
  const balance = (lab: Lab) => {
    const settings = statsSettings(isOn, lab.directory);
    return Sluice.start(lab, { attach, services, target: lab.target().v4, settings }, signal);
  };
  return startContender(name, serve, balance, signal);
}
