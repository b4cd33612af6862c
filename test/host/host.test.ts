import { execFileSync, spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type HostIo,
  neighbour,
  readInterfaces,
  routesTo,
  routeTo,
  runCommand,
  systemIo,
  watchHost,
} from '../../src/host/index.ts';

const NAMESPACE = `dhost${process.pid}`;
const PEER = `${NAMESPACE}p`;
const inside = ['--net=/run/netns/'.concat(NAMESPACE)];

const sh = (line: string) => execFileSync('sh', ['-c', line], { stdio: ['ignore', 'pipe', 'pipe'] });
const ip = (line: string) => sh(`ip -n ${NAMESPACE} ${line}`);

/** The host as seen from within the namespace. */
const io: HostIo = {
  ...systemIo,
  run: (command, args, options) => runCommand('nsenter', [...inside, command, ...args], options),
};

beforeAll(() => {
  sh(`ip netns add ${NAMESPACE} && ip netns add ${PEER}`);
  ip(`link add eth0 type veth peer name eth0 netns ${PEER}`);
  ip('link add br0 type bridge');
  ip('link add v1 type veth peer name v2');
  ip('link set v1 master br0');
  ip('address add 10.63.0.1/24 dev eth0');
  ip('address add 2001:db8:63::1/64 dev eth0 nodad');
  ip('link set eth0 up');
  sh(`ip -n ${PEER} link set eth0 up`);
  ip('route add 10.64.0.0/16 via 10.63.0.9 mtu 1300');
  ip('route add unreachable 10.65.0.0/16');
  ip('route add prohibit 10.66.0.0/16');
  ip('neigh add 10.63.0.9 lladdr 02:00:00:00:00:09 dev eth0');
});

afterAll(() => {
  sh(`ip netns del ${NAMESPACE}; ip netns del ${PEER}`);
});

describe('a real network namespace', () => {
  it('shows its interfaces, whatever /sys shows', async () => {
    const found = await readInterfaces(io);
    expect(found.find(({ name }) => name === 'eth0')).toMatchObject({
      kind: 'veth',
      driver: null,
      up: true,
      running: true,
      link: { otherNamespace: true },
      addresses: expect.arrayContaining([
        { address: '10.63.0.1', family: 4, prefixLength: 24, scope: 'global' },
        { address: '2001:db8:63::1', family: 6, prefixLength: 64, scope: 'global' },
      ]),
    });
    const [v1, v2] = ['v1', 'v2'].map((name) => found.find((entry) => entry.name === name));
    expect(v1).toMatchObject({ master: 'br0', link: { index: v2?.index, otherNamespace: false } });
    expect(found.find(({ name }) => name === 'br0')?.kind).toBe('bridge');
  });

  it('answers every kind of route in one go', async () => {
    const addresses = [
      '10.63.0.1',
      '10.63.0.7',
      '10.64.1.1',
      '10.65.1.1',
      '10.66.1.1',
      '10.67.1.1',
      '2001:db8:63::7',
    ];
    const routes = await routesTo(
      addresses.map((address) => ({ address })),
      io,
    );
    expect(routes).toEqual([
      { type: 'local', dev: 'lo', gateway: null, prefSource: '10.63.0.1', mtu: null },
      { type: 'unicast', dev: 'eth0', gateway: null, prefSource: '10.63.0.1', mtu: null },
      { type: 'unicast', dev: 'eth0', gateway: '10.63.0.9', prefSource: '10.63.0.1', mtu: 1300 },
      { type: 'unreachable' },
      { type: 'prohibit' },
      null,
      expect.objectContaining({ type: 'unicast', dev: 'eth0', gateway: null }),
    ]);
  });

  it('looks up a route for a client that comes in on an interface', async () => {
    sh(`nsenter ${inside[0]} sysctl -qw net.ipv4.ip_forward=1`);
    const route = await routeTo('10.64.1.1', { from: '10.63.0.77', iif: 'eth0' }, io);
    expect(route).toMatchObject({ type: 'unicast', dev: 'eth0' });
  });

  it('knows its neighbours', async () => {
    expect(await neighbour('10.63.0.9', 'eth0', io)).toEqual({
      address: '10.63.0.9',
      dev: 'eth0',
      mac: '02:00:00:00:00:09',
      state: 'PERMANENT',
    });
  });

  it('tells of an address that comes, and leaves no monitor behind', async () => {
    const stop = new AbortController();
    let calls = 0;
    const monitor = ['setpriv', '--pdeathsig', 'KILL', 'ip', 'monitor', 'link', 'address', 'route'];
    const child = spawn('nsenter', [...inside, ...monitor], { stdio: ['ignore', 'pipe', 'ignore'] });
    const watching = watchHost({
      onChange: () => {
        calls += 1;
      },
      signal: stop.signal,
      debounceMs: 20,
      spawnMonitor: () => child,
    });
    // The call at the start; then there may be some time until the monitor hears anything.
    await expect.poll(() => calls).toBe(1);
    let host = 0;
    const addOne = () => {
      host += 1;
      ip(`address add 10.63.1.${host}/24 dev eth0`);
      return calls;
    };
    await expect.poll(addOne, { interval: 200 }).toBeGreaterThan(1);
    stop.abort();
    await watching;
    expect(child.signalCode).toBe('SIGKILL');
  });
});
