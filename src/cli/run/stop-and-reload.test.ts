import { renameSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AdminClient } from '../../admin/index.ts';
import type { CliIo } from '../io.ts';
import { FLAGS, logLines, messages, ready, startDaemon, YAML } from './test-daemon.fixture.ts';

let directory: string;
let socketPath: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-run-'));
  socketPath = join(directory, 'admin.sock');
});
afterEach(() => rm(directory, { recursive: true }));

const start = (argv: readonly string[], overrides: Partial<CliIo> = {}) =>
  startDaemon(directory, argv, overrides);

describe('stopping', () => {
  it('detaches at Ctrl-C and says so', async () => {
    const { io, balancer, ended } = start(FLAGS);
    await ready(io);
    io.signal('SIGINT');
    expect(await ended).toBe(0);
    expect(balancer.calls).toEqual(['detach', 'close']);
    expect(messages(io).at(-1)).toBe('detached; nothing is left in the kernel');
    expect(io.signal('SIGINT')).toBe(false);
  });

  it('leaves traffic flowing at SIGTERM and says how to detach', async () => {
    const { io, balancer, ended } = start([...FLAGS, '--instance', 'blue']);
    await ready(io);
    io.signal('SIGTERM');
    expect(await ended).toBe(0);
    expect(balancer.calls).toEqual(['close']);
    expect(logLines(io).at(-1)).toMatchObject({ detach: 'sluice detach --instance blue' });
  });

  it('detaches at SIGTERM with --detach-on-exit', async () => {
    const { io, balancer, ended } = start([...FLAGS, '--detach-on-exit']);
    await ready(io);
    io.signal('SIGTERM');
    await ended;
    expect(balancer.calls).toEqual(['detach', 'close']);
    expect(messages(io).at(-1)).toBe('detached; nothing is left in the kernel');
  });

  it('ends at once at a second Ctrl-C', async () => {
    const { io, balancer, ended } = start(FLAGS);
    await ready(io);
    let release = () => {};
    const detaching = new Promise<void>((resolve) => {
      release = resolve;
    });
    balancer.detach = () => detaching;
    io.signal('SIGINT');
    expect(io.exits).toEqual([]);
    io.signal('SIGINT');
    expect(io.exits).toEqual([130]);
    release();
    await ended;
  });

  it('ends after a detach over the admin socket, once the answer is sent', async () => {
    const { io, balancer, ended } = start(FLAGS);
    await ready(io);
    await new AdminClient({ socketPath }).detach();
    expect(await ended).toBe(0);
    expect(balancer.calls).toEqual(['detach', 'close']);
  });
});

describe('reloading', () => {
  it('applies the file again at SIGHUP', async () => {
    const file = join(directory, 'sluice.yaml');
    await writeFile(file, YAML);
    const { io, balancer, ended } = start(['run', '-c', 'sluice.yaml']);
    await ready(io);
    await writeFile(file, YAML.replace('10.0.0.1', '10.0.0.9'));
    io.signal('SIGHUP');
    await expect.poll(() => messages(io)).toContain('reloaded');
    expect(balancer.applied[0]?.proxies[0]?.defaultTargets[0]?.ip).toBe('10.0.0.9');
    io.signal('SIGINT');
    await ended;
  });

  it('reads the file once more, and not once for each, when SIGHUPs come faster than it reloads', async () => {
    const file = join(directory, 'sluice.yaml');
    await writeFile(file, YAML);
    const { io, balancer, ended } = start(['run', '-c', 'sluice.yaml']);
    await ready(io);
    io.signal('SIGHUP');
    await Promise.resolve();
    // Whole, and before the first reload can come to its end.
    writeFileSync(`${file}.new`, YAML.replace('10.0.0.1', '10.0.0.9'));
    renameSync(`${file}.new`, file);
    for (let count = 0; count < 10; count++) io.signal('SIGHUP');
    io.signal('SIGINT');
    expect(await ended).toBe(0);
    expect(balancer.applied).toHaveLength(2);
    expect(balancer.applied[1]?.proxies[0]?.defaultTargets[0]?.ip).toBe('10.0.0.9');
  });

  it('keeps what runs and logs every error when the file is bad', async () => {
    const file = join(directory, 'sluice.yaml');
    await writeFile(file, YAML);
    const { io, balancer, ended } = start(['run', '-c', 'sluice.yaml']);
    await ready(io);
    await writeFile(file, YAML.replace('port: 80 ', 'port: 0 '));
    io.signal('SIGHUP');
    await expect.poll(() => messages(io)).toContain('not reloaded; the last good configuration stays');
    expect(logLines(io).at(-1)).toMatchObject({
      level: 'error',
      code: 'config_invalid',
      details: [{ where: expect.stringMatching(/sluice\.yaml:3:\d+$/) }],
    });
    expect(balancer.applied).toEqual([]);
    io.signal('SIGINT');
    expect(await ended).toBe(0);
  });

  it('does not die of SIGHUP without a file', async () => {
    const { io, ended } = start(FLAGS);
    await ready(io);
    io.signal('SIGHUP');
    await expect.poll(() => messages(io).at(-1)).toContain('nothing to reload');
    io.signal('SIGINT');
    expect(await ended).toBe(0);
  });

  it('reloads by itself when the file changes, with --watch', async () => {
    const file = join(directory, 'sluice.yaml');
    await writeFile(file, YAML);
    const { io, balancer, ended } = start(['run', '-c', 'sluice.yaml', '--watch']);
    await ready(io);
    writeFileSync(`${file}.new`, YAML.replace('10.0.0.1', '10.0.0.9'));
    renameSync(`${file}.new`, file);
    await expect.poll(() => messages(io), { timeout: 10_000 }).toContain('reloaded');
    expect(balancer.applied[0]?.proxies[0]?.defaultTargets[0]?.ip).toBe('10.0.0.9');
    io.signal('SIGINT');
    expect(await ended).toBe(0);
  });

  it('refuses --watch without a file', async () => {
    const { io, ended } = start([...FLAGS, '--watch']);
    expect(await ended).toBe(64);
    expect(io.err()).toContain('--watch needs a configuration file');
  });
});
