import type { Lab } from '../../../lab/index.ts';
import type { ConfigFile } from '../../support/balancer.ts';
import { ECHO_PORT } from '../../support/held.ts';
import { configOf, proxy } from '../../support/proxies.ts';

/**
 * Two configurations that differ in all that a reload can change: proxies come and go, targets, weights, source
 * routes, the mode of an interface, and whether another one has programs at all. Both serve `echo`.
 */
export function twoConfigs(lab: Lab): { readonly one: ConfigFile; readonly other: ConfigFile } {
  const [first = '', second = '', third = ''] = lab.targets.map((target) => target.v4);
  const echo = { name: 'echo', port: ECHO_PORT };
  const one = configOf(
    [
      proxy({ ...echo, targets: [first, second] }),
      proxy({ name: 'old', port: 81, protocol: 'tcp', targetPort: ECHO_PORT, targets: [first] }),
    ],
    { attach: 'tc', replyInterfaces: 'auto' },
  );
  const route = { source: '10.1.1.0/24', targets: [{ ip: first, port: ECHO_PORT }] };
  const other = configOf(
    [
      proxy({ ...echo, targets: [second, third], weights: [70, 30], sourceRoutes: [route] }),
      proxy({ name: 'new', port: 82, protocol: 'udp', targetPort: ECHO_PORT, targets: [third] }),
    ],
    { attach: 'native', replyInterfaces: 'none' },
  );
  return { one, other };
}
