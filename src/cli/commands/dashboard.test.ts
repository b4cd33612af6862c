import { describe, expect, it } from 'vitest';
import { DashboardServer } from '../../admin/index.ts';
import { capturedIo } from '../captured-io.fixture.ts';
import { main } from '../main.ts';
import { useSampleDaemon } from '../sample-daemon.fixture.ts';

describe('sluice dashboard', () => {
  const { daemon, run } = useSampleDaemon();

  it('prints a link that works until it is interrupted', async () => {
    const io = capturedIo();
    const ended = main(['dashboard', '--admin-socket', daemon().socketPath], io);
    await expect.poll(io.out).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[0-9a-f]{64}\n$/);
    const { origin } = new URL(io.out());
    expect((await fetch(origin)).status).toBe(200);
    await expect.poll(() => io.signal('SIGINT')).toBe(true);
    expect(await ended).toBe(0);
    await expect(fetch(origin)).rejects.toThrow();
  });

  it('says at once that no daemon answers, or that its port is taken', async () => {
    await using other = await DashboardServer.start({ daemon: { socketPath: 'x' }, port: 0 });
    const taken = await run('dashboard', '--port', new URL(other.url).port);
    expect([taken.status, taken.err]).toEqual([73, expect.stringContaining('the port is taken')]);
    await daemon().server.close();
    const { status, err } = await run('dashboard');
    expect([status, err]).toEqual([69, expect.stringContaining('no daemon answers')]);
  });
});
