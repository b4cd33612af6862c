// Balances one port over some targets, tells what happens, and takes everything out of the kernel at Ctrl-C.
//   INTERFACE=eth0 TARGETS=10.0.0.1:8080,10.0.0.2:8080 node balance.js
import { defineConfig, parseEndpoint, startLoadBalancer } from 'sluice';

const { INTERFACE = 'eth0', TARGETS = '10.0.0.1:8080,10.0.0.2:8080', INSTANCE = 'default' } = process.env;

const config = defineConfig({
  proxies: [
    {
      name: 'web',
      listen: { interfaces: [INTERFACE], port: 80, protocol: 'tcp' },
      defaultTarget: TARGETS.split(',').map((target) => {
        const { ip, port } = parseEndpoint(target);
        return { ip, port };
      }),
    },
  ],
  settings: {
    healthCheckEnabled: true,
    healthCheckDefaults: { type: 'tcp', intervalMs: 1000, timeoutMs: 500 },
  },
});

const stop = new AbortController();
process.once('SIGINT', () => stop.abort());

await using balancer = await startLoadBalancer(config, { instance: INSTANCE });
balancer.on('targetUnhealthy', ({ target, reason }) => console.log(`${target} is down: ${reason}`));
balancer.on('targetHealthy', ({ target }) => console.log(`${target} is up again`));
console.log(`${(await balancer.status()).proxies[0]?.listeners.join(', ')}: ready`);

for await (const { totals } of balancer.watchStats({ intervalMs: 1000, signal: stop.signal })) {
  console.log(
    `${totals.flows} connections, ${totals.activeFlows} open, ${totals.reply.bytes} bytes to clients`,
  );
}
