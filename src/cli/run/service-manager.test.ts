import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { ServiceManager } from './service-manager.ts';

/** A service manager whose datagrams are kept. */
function told(env: Readonly<Record<string, string>>) {
  const datagrams: string[] = [];
  const warnings: string[] = [];
  const logger = pino({}, { write: (line: string) => warnings.push(line) });
  let failure: Error | null = null;
  const sendDatagram = async (path: string, text: string) => {
    if (failure !== null) throw failure;
    datagrams.push(`${path} ${text}`);
  };
  const fail = (error: Error) => {
    failure = error;
  };
  return { manager: new ServiceManager({ env, sendDatagram }, logger), datagrams, warnings, fail };
}

const SOCKET = { NOTIFY_SOCKET: '@notify' };

describe('a service manager', () => {
  it('is told of every turn of the life of the daemon', async () => {
    const { manager, datagrams } = told(SOCKET);
    await manager.ready('two\nproxies');
    await manager.reloading();
    await manager.stopping();
    expect(datagrams).toEqual([
      '@notify READY=1\nSTATUS=two proxies',
      expect.stringMatching(/^@notify RELOADING=1\nMONOTONIC_USEC=\d+$/),
      '@notify STOPPING=1',
    ]);
  });

  it('is told nothing where there is none, and what fails is logged and no more', async () => {
    const nobody = told({ WATCHDOG_USEC: '2000' });
    await nobody.manager.ready('here');
    expect(nobody.datagrams).toEqual([]);
    const deaf = told(SOCKET);
    deaf.fail(new Error('nobody listens'));
    await deaf.manager.ready('here');
    expect(deaf.warnings).toHaveLength(1);
    expect(deaf.warnings[0]).toContain('nobody listens');
  });

  it('gets pings twice an interval, as long as the work gets through', async () => {
    const { manager, datagrams } = told({ ...SOCKET, WATCHDOG_USEC: '20000' });
    const stop = new AbortController();
    let isStuck = false;
    const pinging = manager.keepAlive(
      () => (isStuck ? new Promise(() => {}) : Promise.resolve()),
      stop.signal,
    );
    await expect.poll(() => datagrams.length).toBeGreaterThan(2);
    expect(new Set(datagrams)).toEqual(new Set(['@notify WATCHDOG=1']));
    isStuck = true;
    await expect
      .poll(async () => {
        const before = datagrams.length;
        await new Promise((resolve) => setTimeout(resolve, 60));
        return datagrams.length - before;
      })
      .toBe(0);
    stop.abort();
    await pinging;
  });

  it.each([
    [{}],
    [{ WATCHDOG_USEC: '0' }],
    [{ WATCHDOG_USEC: 'soon' }],
    [{ WATCHDOG_USEC: '20000', WATCHDOG_PID: '1' }],
  ])('gets no pings when it does not want them of us: %j', async (env) => {
    const { manager, datagrams } = told({ ...SOCKET, ...env });
    await manager.keepAlive(() => Promise.resolve(), AbortSignal.abort());
    await manager.keepAlive(() => Promise.resolve(), AbortSignal.timeout(30));
    expect(datagrams).toEqual([]);
  });
});
