import { describe, expect, it } from 'vitest';
import type { CommandOptions, HostIo } from './io.ts';
import { recordedIo } from './recorded-io.fixture.ts';
import { routesTo, routeTo } from './routes.ts';

const COMMAND = 'ip -j -force -batch -';

/** Printed by iproute2 6.1 for seven look-ups of which five failed. */
const MIXED = {
  exitCode: 1,
  stdout:
    '[{"dst":"10.96.0.1","gateway":"10.77.0.2","dev":"dv0","prefsrc":"10.77.0.1","flags":[],"uid":0,"cache":[],"metrics":[{"mtu":1300}]}]\n' +
    '[{"type":"local","dst":"10.77.0.1","dev":"lo","prefsrc":"10.77.0.1","flags":[],"uid":0,"cache":["local"]}]\n',
  stderr:
    'RTNETLINK answers: No route to host\nCommand failed -:2\n' +
    'RTNETLINK answers: Invalid argument\nCommand failed -:3\n' +
    'RTNETLINK answers: Permission denied\nCommand failed -:4\n' +
    'RTNETLINK answers: Network is unreachable\nCommand failed -:5\n' +
    'RTNETLINK answers: Invalid cross-device link\nCommand failed -:6\n',
};

describe('routesTo', () => {
  it('gives each query its own answer, also when some of them failed', async () => {
    const io = recordedIo({ commands: { [COMMAND]: MIXED } });
    const queries = Array.from({ length: 7 }, (_, index) => ({ address: `10.0.0.${index}` }));
    expect(await routesTo(queries, io)).toEqual([
      { type: 'unicast', dev: 'dv0', gateway: '10.77.0.2', prefSource: '10.77.0.1', mtu: 1300 },
      { type: 'unreachable' },
      { type: 'blackhole' },
      { type: 'prohibit' },
      null,
      { type: 'martian' },
      { type: 'local', dev: 'lo', gateway: null, prefSource: '10.77.0.1', mtu: null },
    ]);
  });

  it('passes source, incoming interface and mark on to ip', async () => {
    const seen: (CommandOptions | undefined)[] = [];
    const io: HostIo = {
      ...recordedIo({}),
      run: async (_command, _args, options) => {
        seen.push(options);
        return { exitCode: 0, stdout: '[{"dev":"eth1"}]\n', stderr: '' };
      },
    };
    await routeTo('10.0.0.1', { from: '10.1.0.9', iif: 'eth0', mark: 7 }, io);
    expect(seen[0]?.stdin).toBe('route get 10.0.0.1 from 10.1.0.9 iif eth0 mark 7\n');
  });

  it('runs nothing when there is nothing to ask', async () => {
    expect(await routesTo([], recordedIo({}))).toEqual([]);
  });

  it.each([{ address: '10.1' }, { address: '010.0.0.1' }, { address: 'a\nlink del eth0' }])(
    'refuses $address, which is no address',
    async (query) => {
      await expect(routesTo([query])).rejects.toMatchObject({ code: 'usage' });
    },
  );

  it('refuses an interface name with white space', async () => {
    await expect(routeTo('10.0.0.1', { iif: 'eth0 mark 3' })).rejects.toMatchObject({ code: 'usage' });
  });

  it('reports a failure of ip itself', async () => {
    const io = recordedIo({ commands: { [COMMAND]: { exitCode: 1, stderr: 'Cannot open netlink socket' } } });
    await expect(routeTo('10.0.0.1', {}, io)).rejects.toMatchObject({
      code: 'kernel',
      message: '"ip route get" failed: Cannot open netlink socket',
    });
  });

  it('asks the kernel of this host for 2,000 routes in one go', async () => {
    const queries = Array.from({ length: 2000 }, (_, index) => ({
      address: index % 2 === 0 ? `127.0.${index >> 8}.${index & 255}` : '::1',
    }));
    const routes = await routesTo(queries);
    expect(routes).toHaveLength(2000);
    expect(routes.every((route) => route?.type === 'local' && route.dev === 'lo')).toBe(true);
  });
});
