/**
 * Measures what health checks cost: `npm run bench:health [-- TARGETS INTERVAL_MS SECONDS]`. The targets are loopback
 * addresses of a TCP server in another process; the result is CPU time of this process, kernel work included.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { runTool, systemCliIo } from '../../src/cli/index.ts';
import { BUILT_IN_HEALTH_CHECK } from '../../src/config/index.ts';
import { SluiceError } from '../../src/errors/index.ts';
import { checkClock, HealthMonitor } from '../../src/health/index.ts';
import { command, type HealthWishes } from './command.ts';

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

async function measure({ targets, intervalMs, seconds }: HealthWishes, signal: AbortSignal): Promise<number> {
  const server = fork(fileURLToPath(import.meta.url), [SERVE]);
  const [port] = await once(server, 'message');
  let checks = 0;
  let failures = 0;
  const monitor = new HealthMonitor({
    clock: checkClock(),
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
  try {
    // The first round crowds, and code is compiled.
    await sleep(2 * intervalMs + 1000, undefined, { signal });
    const [before, cpu, startedMs] = [checks, process.cpuUsage(), performance.now()];
    await sleep(seconds * 1000, undefined, { signal });
    const { user, system } = process.cpuUsage(cpu);
    const ms = performance.now() - startedMs;
    const done = checks - before;
    if (done === 0) throw new SluiceError('usage', 'no check fell into this time', { fix: 'more seconds' });
    const percent = (us: number) => `${(us / ms / 10).toFixed(1)} %`;
    process.stdout.write(
      `${targets} targets every ${intervalMs} ms: ${((done / ms) * 1000).toFixed(0)} checks/s, ${failures} failed; ` +
        `${percent(user + system)} of one core (${percent(user)} user, ${percent(system)} kernel), ` +
        `${((user + system) / done).toFixed(0)} us a check\n`,
    );
    return 0;
  } finally {
    monitor.stop();
    // Ctrl-C on a terminal has ended it already.
    if (server.connected) server.disconnect();
  }
}

if (process.argv[2] === SERVE) await serve();
else process.exitCode = await runTool(process.argv.slice(2), systemCliIo(), command(), measure);
