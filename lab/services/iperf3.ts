import type { Host } from '../host/index.ts';
import { listensOnTcp, type Service, serviceWhen } from './ready.ts';

/** Options of an iperf3 server. */
export interface Iperf3ServerOptions {
  /** Default 5201. */
  readonly port?: number;
  /** Address to listen on; needed for UDP on a host with several, which would answer from another one. Default all. */
  readonly address?: string;
}

/**
 * Starts an iperf3 server. One test uses a control and a data connection that must reach the same server, so balance
 * it to a single target.
 */
export function startIperf3(host: Host, options: Iperf3ServerOptions = {}): Promise<Service> {
  const { port = 5201, address } = options;
  const bind = address === undefined ? [] : ['--bind', address];
  const process = host.spawn(['iperf3', '--server', '--port', String(port), '--forceflush', ...bind]);
  return serviceWhen((each) => listensOnTcp(each, port), host.name, port, process);
}
