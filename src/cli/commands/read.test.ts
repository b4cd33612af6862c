import { describe, expect, it } from 'vitest';
import type { StatusReport } from '../../report/index.ts';
import {
  sampleConnections,
  sampleDns,
  sampleStats,
  sampleStatus,
} from '../../report/sample-reports.fixture.ts';
import { capturedIo } from '../captured-io.fixture.ts';
import { styleFor } from '../format/style.ts';
import { main } from '../main.ts';
import { useSampleDaemon } from '../sample-daemon.fixture.ts';
import { formatConnections } from './connections.ts';
import { formatDns } from './dns.ts';
import { formatStatus } from './status.ts';

const plain = styleFor({ write: () => {}, isTTY: false }, {});
const { daemon, run } = useSampleDaemon();

describe('sluice status', () => {
  it('shows instance, interfaces, proxies and warnings in plain columns', () => {
    expect(formatStatus(sampleStatus, plain, Date.parse('2026-01-02T04:06:05Z'))).toBe(
      [
        'instance  default',
        'daemon    sluice 0.1.0, pid 4242, up 1h 2m',
        'config    /etc/sluice.yaml (generation 3)',
        'flows     1 of 100,000',
        '',
        'INTERFACE  ROLE    ATTACHED',
        'eth0       listen  native',
        '',
        'web  192.0.2.2:80/tcp  mode nat, weighted-random',
        'TARGET         WEIGHT  ACTIVE  FLOWS  TO TARGET  TO CLIENT',
        '10.0.0.1:8080    100%       1      7   15.0 KiB    2.0 MiB',
        '',
        'warning: proxy "web": nothing to worry about',
        '',
      ].join('\n'),
    );
  });

  it('names the pools of targets where a proxy has routes', () => {
    const [proxy] = sampleStatus.proxies;
    const targets = proxy?.targets.flatMap((target) => [
      { ...target, pools: ['default', '10.1.0.0/16'] },
      { ...target, target: '10.0.0.2:8080', pools: ['a.example', 'b.example', 'c.example', 'd.example'] },
    ]);
    const status = { ...sampleStatus, proxies: [{ ...sampleStatus.proxies[0], targets }] } as StatusReport;
    const lines = formatStatus(status, plain, 0).split('\n');
    expect(lines.filter((line) => /^(TARGET|10\.)/.test(line))).toEqual([
      'TARGET         WEIGHT  ACTIVE  FLOWS  TO TARGET  TO CLIENT  POOLS',
      '10.0.0.1:8080    100%       1      7   15.0 KiB    2.0 MiB  default, 10.1.0.0/16',
      '10.0.0.2:8080    100%       1      7   15.0 KiB    2.0 MiB  a.example, b.example, c.example, 1 more',
    ]);
  });

  it('asks the daemon', async () => {
    const { status, out } = await run('status');
    expect(status).toBe(0);
    expect(out).toContain('10.0.0.1:8080');
  });

  it('gives raw numbers as JSON', async () => {
    expect(JSON.parse((await run('status', '-o', 'json')).out)).toEqual(sampleStatus);
  });

  it('says how to start a daemon when none runs', async () => {
    await daemon().server.close();
    expect(await run('status')).toEqual({
      status: 69,
      out: '',
      err: `sluice: no daemon answers on "${daemon().socketPath}"\nfix: is the daemon running? start it with: sluice run -c FILE\n`,
    });
  });
});

describe('sluice connections', () => {
  it('lists flows and says how many there are beyond the limit', () => {
    expect(formatConnections(sampleConnections, plain)).toBe(
      [
        'PROTO  CLIENT              LISTENER      TARGET         PROXY  STATE          AGE  IDLE  TO TARGET  TO CLIENT',
        'tcp    198.51.100.7:40000  192.0.2.2:80  10.0.0.1:8080  web    established  1h 2m    4s   15.0 KiB    2.0 MiB',
        '5 flows, 1 shown (--limit)',
        '',
      ].join('\n'),
    );
  });

  it('shows no table when there is no flow', () => {
    expect(formatConnections({ total: 0, connections: [] }, plain)).toBe('0 flows\n');
  });

  it('hands every filter to the daemon', async () => {
    await run(
      'connections',
      '--proxy',
      'web',
      '--target',
      '10.0.0.1',
      '--client',
      '198.51.100.7',
      '--limit',
      '7',
    );
    expect(daemon().view.filters).toEqual([
      { proxy: 'web', target: '10.0.0.1', client: '198.51.100.7', limit: 7, offset: 0 },
    ]);
  });

  it('gives raw numbers as JSON', async () => {
    expect(JSON.parse((await run('connections', '-o', 'json')).out)).toEqual(sampleConnections);
  });
});

describe('sluice stats', () => {
  it('shows totals, targets and the reasons that occurred', async () => {
    const { out } = await run('stats');
    expect(out).toContain('flows        1 active, 7 ever');
    expect(out).toMatch(/^web +10\.0\.0\.1:8080 /m);
    expect(out).toMatch(/^xdp_ingress +established +forwarded +22$/m);
  });

  it('shows what was told of single flows and logged, and what was lost', async () => {
    const { out } = await run('stats');
    expect(out).toContain('flow events  14 read, of one flow in 4, 5 lost, 1 flows not told of');
    expect(out).toContain('access log   7 records, 5 dropped');
  });

  it('gives raw numbers as JSON', async () => {
    expect(JSON.parse((await run('stats', '-o', 'json')).out)).toEqual(sampleStats);
  });
});

describe('sluice detach', () => {
  it('lets the daemon detach', async () => {
    expect(await run('detach')).toMatchObject({
      status: 0,
      out: 'instance "default" is detached; its daemon ends\n',
    });
    expect(daemon().view.detached).toBe(1);
  });

  it.each([
    { left: true, status: 0, said: 'instance "blue" is detached; no daemon answered' },
    { left: false, status: 69, said: 'instance "blue" is not attached and no daemon of it runs' },
  ])('detaches by itself without a daemon (something left: $left)', async ({ left, status, said }) => {
    await daemon().server.close();
    const asked: string[] = [];
    const io = capturedIo({
      loadControl: async () => ({
        LoadBalancer: { start: () => Promise.reject(new Error('not in this test')) },
        detachInstance: async (instance) => {
          asked.push(instance);
          return left;
        },
      }),
    });
    expect(await main(['detach', '--instance', 'blue', '--admin-socket', daemon().socketPath], io)).toBe(
      status,
    );
    expect(io.out() + io.err()).toContain(said);
    expect(asked).toEqual(['blue']);
  });
});

describe('sluice dns', () => {
  it('shows every address of every name, and below what failed', async () => {
    expect(formatDns(sampleDns, plain, Date.parse('2026-01-02T03:04:15Z'))).toBe(
      [
        'HOST       PROXY     ADDRESS             SHARE    TTL    RESOLVED  NEXT',
        'a.example  web       10.0.0.1              50%  1m 0s     10s ago   20s',
        '                     10.0.0.2 port 8443    50%',
        'b.example  api, web  fd00::1              100%      -  4m 10s ago   now',
        '',
        'warning: b.example failed 3 times: queryA ETIMEOUT b.example; its last addresses stand',
        '',
      ].join('\n'),
    );
    expect((await run('dns', '-o', 'json')).out).toBe(
      `${JSON.stringify({ total: 2, ...sampleDns }, null, 2)}\n`,
    );
  });

  it('says so when there is no name', () => {
    expect(formatDns({ hosts: [] }, plain, 0)).toBe('no target has a host\n');
  });

  it('resolves a name now', async () => {
    const { status, out } = await run('dns', '--resolve', 'b.example', '-o', 'json');
    expect(status).toBe(0);
    expect(JSON.parse(out)).toEqual({ total: 1, hosts: [sampleDns.hosts[1]] });
    expect((await run('dns', '--resolve', 'c.example')).err).toMatch(/no target has the host c\.example/);
  });
});
