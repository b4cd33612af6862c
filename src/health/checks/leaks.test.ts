import { createSocket } from 'node:dgram';
import { readdirSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkHttp, checkHttps, checkTcp, checkUdp } from './direct.ts';

const ip = '127.0.0.1';
const CLOSED = { ip, port: 1 };
const TIMES = 10;
const silent = createServer((socket) => socket.on('error', () => {}).resume());
const chatty = createHttpServer((_request, response) => response.end('x'.repeat(100_000)));
const mute = createSocket('udp4');

beforeAll(async () => {
  for (const server of [silent, chatty]) {
    await new Promise<void>((resolve) => server.listen(0, ip, resolve));
  }
  await new Promise<void>((resolve) => mute.bind(0, ip, resolve));
});
afterAll(() => {
  for (const server of [silent, chatty, mute]) server.close();
});

/** Sockets and timers that this process has open, and descriptors, of which Node may not know. */
function used(): Readonly<Record<string, number>> {
  const known = process.getActiveResourcesInfo().filter((name) => /Socket|Timeout|UDP|TLS/.test(name));
  const names = [...known, ...readdirSync('/proc/self/fd').map(() => 'descriptor')];
  return Object.fromEntries(
    [...new Set(names)].sort().map((name) => [name, names.filter((n) => n === name).length]),
  );
}

const where = (server: { address(): AddressInfo | string | null }) => {
  const address = server.address();
  return { ip, port: typeof address === 'object' && address !== null ? address.port : 0, timeoutMs: 50 };
};

it.each([
  ['checkTcp', () => checkTcp(where(silent))],
  ['checkTcp, refused', () => checkTcp(CLOSED)],
  ['checkHttp', () => checkHttp(where(chatty))],
  ['checkHttp, silent', () => checkHttp(where(silent))],
  ['checkHttps, silent', () => checkHttps(where(silent))],
  ['checkHttps, no TLS', () => checkHttps(where(chatty))],
  ['checkUdp, silent', () => checkUdp({ ...where(mute), send: 'x' })],
  ['checkUdp, refused', () => checkUdp(CLOSED)],
] as const)('%s leaves no socket, no descriptor and no timer', async (_name, check) => {
  const before = used();
  for (let time = 0; time < TIMES; time++) await check();
  // The servers' ends of the connections close a moment later, and so may what other files of this process began.
  const more = () => Object.entries(used()).filter(([name, count]) => count > (before[name] ?? 0));
  await expect.poll(more).toEqual([]);
});
