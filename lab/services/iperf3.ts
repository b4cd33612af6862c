import type { Host } from '../host/index.ts';
import { listensOnTcp, type Service, serviceWhen } from './ready.ts';

/**
 * Starts an iperf3 server. One test uses a control and a data connection that must reach the same server, so balance
 * it to a single target.
 */
export function startIperf3(host: Host, options: { readonly port?: number } = {}): Promise<Service> {
  const port = options.port ?? 5201;
  const process = host.spawn(['iperf3', '--server', '--port', String(port), '--forceflush']);
  return serviceWhen((each) => listensOnTcp(each, port), host.name, port, process);
}
