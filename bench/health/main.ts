/**
 * Measures what health checks cost: `node dist/bench/health/main.js [TARGETS] [INTERVAL_MS] [SECONDS]`. The targets are loopback
 * addresses of a TCP server in another process; the result is CPU time of this process, kernel work included.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../src/clock/index.ts';
import { BUILT_IN_HEALTH_CHECK } from '../../src/config/index.ts';
import { HealthMonitor } from '../../src/health/index.ts';

const SERVE = 'serve';

/** A server on every loopback address; tells its port and lives as long as its parent. */
async function serve(): Promise<void> {
  const server = createServer((socket) => socket.on('error', () => {}).resume());
  server.listen({ port: 0, host: '0.0.0.0', backlog: 4096 });
  await once(server, 'listening');
  const address = server.address();
  process.send?.(typeof address === 'object' ? address?.port : 0);
  process.once('disconnect', () => process.exit(0));
}

async function measure(targets: number, intervalMs: number, seconds: number): Promise<void> {
  const server = fork(fileURLToPath(import.meta.url), [SERVE]);
  const [port] = await once(server, 'message');
  let checks = 0;
  let failures = 0;
  const monitor = new HealthMonitor({
    clock: systemClock,
    onChecked: ({ record }) => {
      checks += 1;
      if (record.last?.success !== true) failures += 1;
    },
  });
  const settings = { ...BUILT_IN_HEALTH_CHECK, intervalMs };
  const specs = Array.from({ length: targets }, (_, n) => {
    const ip = `127.1.${Math.floor(n / 250)}.${(n % 250) + 1}`;
    return { proxy: 'bench', target: `${ip}:${port}`, ip, port, settings };
  });
  monitor.watch(specs, new Map());
  monitor.start();
  // The first round crowds, and code is compiled.
  await sleep(2 * intervalMs + 1000);
  const [before, cpu, startedMs] = [checks, process.cpuUsage(), performance.now()];
  await sleep(seconds * 1000);
  const { user, system } = process.cpuUsage(cpu);
  const ms = performance.now() - startedMs;
  const done = checks - before;
  monitor.stop();
  server.disconnect();
  const percent = (us: number) => `${(us / ms / 10).toFixed(1)} %`;
  process.stdout.write(
    `${targets} targets every ${intervalMs} ms: ${((done / ms) * 1000).toFixed(0)} checks/s, ${failures} failed; ` +
      `${percent(user + system)} of one core (${percent(user)} user, ${percent(system)} kernel), ` +
      `${((user + system) / done).toFixed(0)} us a check\n`,
  );
}

const [first, interval = '1000', seconds = '10'] = process.argv.slice(2);
if (first === SERVE) await serve();
else await measure(Number(first ?? 2000), Number(interval), Number(seconds));
