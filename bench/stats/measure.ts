import { httpUrl, iperf3 } from '../../lab/index.ts';
import { type Contender, WEB_PORT } from '../contenders/contender.ts';
import { labCpu } from '../lab-cpu.ts';
import { CLOSE_FLAGS, measureWeb } from '../web.ts';
import { BULK_PORT } from './contenders.ts';

/** What a round gives of one contender. */
export interface StatsSample {
  readonly connectionsPerSecond: number;
  /** CPU time of a connection: client, balancer with its daemon, server. */
  readonly connectionCpuUs: number;
  readonly megabitsPerSecond: number;
  readonly gigabyteCpuMs: number;
}

const CONNECTIONS = 32;
const GIGABYTE = 1e9;

/** Loads a contender with short connections and then with one that carries as much as it can. @throws Error when either fails */
export async function measureStats(
  contender: Contender,
  seconds: number,
  signal: AbortSignal,
): Promise<StatsSample> {
  const { lab, address } = contender;
  const url = httpUrl(address, WEB_PORT);
  const load = { url, connections: CONNECTIONS, durationMs: seconds * 1000, flags: CLOSE_FLAGS };
  const web = await measureWeb(contender, load, signal);
  const before = await labCpu(lab);
  const bulk = await iperf3(lab.client(), address, { port: BULK_PORT, seconds });
  const bulkCpuMs = (await labCpu(lab)).allMs - before.allMs;
  return {
    connectionsPerSecond: web.perSecond,
    connectionCpuUs: web.cpuUs,
    megabitsPerSecond: bulk.bitsPerSecond / 1e6,
    gigabyteCpuMs: bulkCpuMs / (bulk.bytes / GIGABYTE),
  };
}
