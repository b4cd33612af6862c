// Changes a balancer while it runs: proxies, targets, weights, routes; and reads its events as they come.
//   INTERFACE=eth0 TARGETS=10.0.0.1:8080,10.0.0.2:8080 node live-change.js
import { parseEndpoint, SluiceError, startLoadBalancer } from 'sluice';

const { INTERFACE = 'eth0', TARGETS = '10.0.0.1:8080,10.0.0.2:8080', INSTANCE = 'default' } = process.env;
const [first = '', second = ''] = TARGETS.split(',');

await using balancer = await startLoadBalancer(
  {
    proxies: [{ name: 'web', listen: { interfaces: [INTERFACE], port: 80 }, defaultTarget: targetOf(first) }],
  },
  { instance: INSTANCE },
);
const events = balancer.events({ proxy: 'web' });

await balancer.addTarget('web', targetOf(second));
await balancer.setWeights('web', { [first]: 80, [second]: 20 });
await balancer.addSourceRoute('web', '192.168.0.0/16', targetOf(second));
await balancer.addProxy({
  name: 'api',
  listen: { interfaces: [INTERFACE], port: 8080 },
  defaultTarget: targetOf(first),
});
console.log(
  (await balancer.targets('web')).map(({ pool, target, sharePercent }) => [pool, target, sharePercent]),
);

try {
  await balancer.addProxy({
    name: 'again',
    listen: { interfaces: [INTERFACE], port: 80 },
    defaultTarget: targetOf(first),
  });
} catch (error) {
  if (!(error instanceof SluiceError)) throw error;
  console.log(error.code, error.details.map(({ message }) => message).join('; ') || error.message);
}

let drained = 'not at all';
await balancer.drain('web', first, {
  timeoutMs: 5000,
  onComplete: (outcome) => {
    drained = outcome;
  },
});
console.log(await balancer.waitForDrain('web', first), drained);
await balancer.undrain('web', first);
await balancer.removeProxy('api');

for await (const event of events) {
  console.log(event.type);
  if (event.type === 'targetStateChanged' && event.state === 'ready') break;
}

function targetOf(endpoint: string): { ip: string; port: number } {
  const { ip, port } = parseEndpoint(endpoint);
  return { ip, port };
}
