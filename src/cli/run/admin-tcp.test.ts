import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, freePort, READ_TOKEN } from '../../admin/tcp/tcp.fixture.ts';
import { capturedIo } from '../captured-io.fixture.ts';
import { main } from '../main.ts';
import { messages, ready, startDaemon, YAML } from './test-daemon.fixture.ts';

let directory: string;
let file: string;
let port: number;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-tcp-'));
  file = join(directory, 'sluice.yaml');
  port = await freePort();
});
afterEach(() => rm(directory, { recursive: true }));

const writeConfig = (api: string) =>
  writeFile(file, `${YAML}settings: { adminApi: { port: ${port}, ${api} } }\n`);

/** Runs a command that asks the daemon by TCP. */
async function sluice(token: string | undefined, ...argv: string[]) {
  const io = capturedIo({ env: token === undefined ? {} : { SLUICE_TOKEN: token }, cwd: directory });
  const status = await main([...argv, '--admin-url', `http://127.0.0.1:${port}`], io);
  return { status, out: io.out(), err: io.err() };
}

describe('a daemon with settings.adminApi', () => {
  it('answers commands by TCP, takes a new token at a reload, and never tells one', async () => {
    await writeConfig(`enabled: true, token: ${ADMIN_TOKEN}`);
    const { io, ended } = startDaemon(directory, ['run', '-c', file]);
    await ready(io);
    expect(await sluice(ADMIN_TOKEN, 'status')).toMatchObject({ status: 0, err: '' });
    expect(await sluice(READ_TOKEN, 'status')).toMatchObject({
      status: 77,
      err: expect.stringContaining('needs a token'),
    });
    await writeFile(join(directory, 'token'), `${READ_TOKEN}\n`);
    await writeConfig(`enabled: true, token: ${READ_TOKEN}`);
    io.signal('SIGHUP');
    await expect.poll(() => messages(io)).toContain('reloaded');
    await expect
      .poll(() => sluice(undefined, 'status', '--token-file', 'token'))
      .toMatchObject({ status: 0 });
    expect(await sluice(ADMIN_TOKEN, 'status')).toMatchObject({ status: 77 });
    await writeConfig('enabled: true, token: hunter2');
    io.signal('SIGHUP');
    await expect.poll(() => io.out()).toContain('not reloaded');
    const everything = io.out() + io.err() + JSON.stringify(await sluice(READ_TOKEN, 'status', '-o', 'json'));
    for (const secret of [ADMIN_TOKEN, READ_TOKEN, 'hunter2']) expect(everything).not.toContain(secret);
    io.signal('SIGTERM');
    expect(await ended).toBe(0);
    expect(await sluice(READ_TOKEN, 'status')).toMatchObject({ status: 69 });
  });

  it('does not start when the port is taken, and touches nothing', async () => {
    await writeConfig(`enabled: true, token: ${ADMIN_TOKEN}`);
    const first = startDaemon(directory, ['run', '-c', file]);
    await ready(first.io);
    const otherDirectory = await mkdtemp(join(tmpdir(), 'sluice-tcp-'));
    const second = startDaemon(otherDirectory, ['run', '-c', file]);
    expect(await second.ended).toBe(73);
    expect(second.io.err()).toContain('the port is taken');
    expect(second.started).toEqual([]);
    first.io.signal('SIGTERM');
    await first.ended;
    await rm(otherDirectory, { recursive: true });
  });
});

describe('--admin-url', () => {
  it('wants a token from a file or the environment', async () => {
    expect(await sluice(undefined, 'status')).toMatchObject({
      status: 64,
      err: expect.stringContaining('set the variable SLUICE_TOKEN'),
    });
    expect(await sluice(undefined, 'status', '--token-file', 'nowhere')).toMatchObject({ status: 66 });
  });

  it('is a URL, and not used together with a socket', async () => {
    const io = capturedIo();
    expect(await main(['status', '--admin-url', 'ftp://a'], io)).toBe(64);
    expect(await main(['status', '--admin-url', 'http://a', '--admin-socket', '/x'], io)).toBe(64);
    expect(await main(['status', '--token-file', '/x'], io)).toBe(64);
    expect(io.err()).toContain('--token-file is for --admin-url');
  });

  it('never detaches this host when the other one does not answer', async () => {
    let asked = 0;
    const io = capturedIo({
      env: { SLUICE_TOKEN: ADMIN_TOKEN },
      loadControl: () => {
        asked += 1;
        return Promise.reject(new Error('no control plane'));
      },
    });
    expect(await main(['detach', '--admin-url', `http://127.0.0.1:${port}`], io)).toBe(69);
    expect(asked).toBe(0);
  });
});
