import { readdirSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { ErrnoText } from './errno.ts';
import { socketAddress } from './socket-address.ts';
import { TcpConnector } from './tcp-connector.ts';

const CLOSED = socketAddress('127.0.0.1', 1);
/** More than one look takes in. */
const MANY = 200;

const open: (() => void)[] = [];
afterEach(() => {
  for (const end of open.splice(0)) end();
});

function connector(): TcpConnector {
  const made = new TcpConnector();
  open.push(() => made.close());
  return made;
}

async function listen(ip: string, serve: (socket: Socket) => void = () => {}): Promise<number> {
  const server: Server = createServer((socket) => {
    open.push(() => socket.destroy());
    serve(socket.on('error', () => {}));
  });
  open.push(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, ip, resolve));
  return (server.address() as AddressInfo).port;
}

/** What comes of an attempt: `connected`, or the name of an errno. */
const tried = (by: TcpConnector, ...[to, greeting]: [ReturnType<typeof socketAddress>, Uint8Array?]) =>
  new Promise<string>((resolve) => {
    by.try(to, greeting ?? null, (failure: ErrnoText | null) => resolve(failure?.name ?? 'connected'));
  });

/** Descriptors of this process. */
const descriptors = () => readdirSync('/proc/self/fd').length;

/** States of the sockets that the kernel has for a local port of this host. */
function statesOf(port: number): readonly string[] {
  const rows = readFileSync('/proc/net/tcp', 'utf8').trim().split('\n').slice(1);
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return rows
    .map((row) => row.trim().split(/\s+/))
    .flatMap(([, from, , state = '']) => (from?.endsWith(local) ? [state] : []));
}

describe('a connector', () => {
  it.each(['127.0.0.1', '::1'])('finds who listens at %s, and who does not', async (ip) => {
    const by = connector();
    expect(await tried(by, socketAddress(ip, await listen(ip)))).toBe('connected');
    expect(await tried(by, socketAddress(ip, 1))).toBe('ECONNREFUSED');
    expect(await tried(by, socketAddress('::1%lo', 1))).toBe('ECONNREFUSED');
  });

  it('tells what the kernel refuses at once, and not before it has returned', async () => {
    const by = connector();
    const told: string[] = [];
    by.try(socketAddress('255.255.255.255', 1), null, (failure) => told.push(failure?.name ?? ''));
    expect(told).toEqual([]);
    await expect.poll(() => told).toEqual(['ENETUNREACH']);
  });

  it('is met by the kernel of the target alone: no program there sees a connection, and nothing is left of it', async () => {
    const seen: string[] = [];
    const port = await listen('127.0.0.1', (socket) => socket.on('data', (bytes) => seen.push(`${bytes}`)));
    const by = connector();
    const where = socketAddress('127.0.0.1', port);
    expect(await tried(by, where)).toBe('connected');
    // With something to say it is a connection like any other; had the first been one too it would have come before.
    expect(await tried(by, where, Buffer.from('hello'))).toBe('connected');
    await expect.poll(() => seen).toEqual(['hello']);
    const LISTEN = '0A';
    await expect.poll(() => statesOf(port)).toEqual([LISTEN]);
  });

  it('tells each of many attempts once', async () => {
    const by = connector();
    const where = socketAddress('127.0.0.1', await listen('127.0.0.1'));
    const all = Array.from({ length: MANY }, (_, n) => tried(by, n % 2 === 0 ? where : CLOSED));
    const found = await Promise.all(all);
    expect(found.filter((each) => each === 'connected')).toHaveLength(MANY / 2);
    expect(found.filter((each) => each === 'ECONNREFUSED')).toHaveLength(MANY / 2);
  });

  it('has closed what it opened when an attempt is over, is ended, or all are', async () => {
    const before = descriptors();
    const by = connector();
    const where = socketAddress('127.0.0.1', await listen('127.0.0.1'));
    const listening = descriptors();
    await tried(by, where);
    const waiting = descriptors();
    const told: unknown[] = [];
    const end = by.try(where, null, (failure) => told.push(failure));
    by.try(where, null, (failure) => told.push(failure));
    expect(descriptors()).toBe(waiting + 2);
    end();
    expect(descriptors()).toBe(waiting + 1);
    end();
    by.close();
    expect(descriptors()).toBe(listening);
    expect(await tried(by, CLOSED)).toBe('ECONNREFUSED');
    expect(told).toEqual([]);
    expect(listening).toBeGreaterThan(before);
  });

  it('lets a listener end the other attempts that were answered at the same time', async () => {
    const by = connector();
    const where = socketAddress('127.0.0.1', await listen('127.0.0.1'));
    const told: string[] = [];
    by.try(where, null, () => {
      told.push('first');
      endSecond();
    });
    const endSecond = by.try(where, null, () => told.push('second'));
    by.try(where, null, () => told.push('third'));
    await expect.poll(() => told).toEqual(['first', 'third']);
  });
});
