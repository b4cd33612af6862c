import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SAMPLE_CONFIG } from '../../admin/sample-config.fixture.ts';
import type { Change } from '../../config/index.ts';
import { sampleDrain } from '../../report/sample-reports.fixture.ts';
import { useSampleDaemon } from '../sample-daemon.fixture.ts';

const { daemon, run } = useSampleDaemon();
const asked = () => daemon().view.configuration.asked;
const T1 = '10.0.0.1:8080';

describe('a change by command', () => {
  const target = { ip: '10.0.0.7', port: 80 };
  it.each<[string, Change]>([
    [
      'add target web 10.0.0.7:80 --weight 20',
      { kind: 'addTarget', proxy: 'web', target: { ...target, weight: 20 } },
    ],
    [
      'add target web app.example:80 --pool 10.0.0.0/8',
      { kind: 'addTarget', proxy: 'web', pool: '10.0.0.0/8', target: { host: 'app.example', port: 80 } },
    ],
    [
      'add proxy new -i eth0 -i eth1 -p 81 --protocol tcp --mode snat 10.0.0.7:80',
      {
        kind: 'addProxy',
        proxy: {
          name: 'new',
          listen: { interfaces: ['eth0', 'eth1'], port: 81, protocol: 'tcp' },
          mode: 'snat',
          defaultTarget: [target],
        },
      },
    ],
    [
      'add proxy dns --replace --address 192.0.2.1 -p 53 10.0.0.7:80',
      {
        kind: 'setProxy',
        name: 'dns',
        proxy: { name: 'dns', listen: { address: ['192.0.2.1'], port: 53 }, defaultTarget: [target] },
      },
    ],
    [
      'add route web 192.0.2.0/24 10.0.0.7:80=60 10.0.0.8:80=40',
      {
        kind: 'addSourceRoute',
        proxy: 'web',
        route: {
          source: '192.0.2.0/24',
          targets: [
            { ...target, weight: 60 },
            { ip: '10.0.0.8', port: 80, weight: 40 },
          ],
        },
      },
    ],
    [
      'add route web 10.0.0.0/8 10.0.0.7:80 --replace',
      {
        kind: 'setSourceRoute',
        proxy: 'web',
        source: '10.0.0.0/8',
        route: { source: '10.0.0.0/8', targets: [target] },
      },
    ],
    [
      'add sni-route web b.example 10.0.0.7:80',
      { kind: 'addSniRoute', proxy: 'web', route: { sniHostname: 'b.example', targets: [target] } },
    ],
    [
      'add sni-route web a.example 10.0.0.7:80 --replace',
      {
        kind: 'setSniRoute',
        proxy: 'web',
        hostname: 'a.example',
        route: { sniHostname: 'a.example', targets: [target] },
      },
    ],
    ['remove proxy dns', { kind: 'removeProxy', name: 'dns' }],
    [`remove target web ${T1}`, { kind: 'removeTarget', proxy: 'web', target: T1 }],
    ['remove route web 10.0.0.0/8', { kind: 'removeSourceRoute', proxy: 'web', source: '10.0.0.0/8' }],
    ['remove sni-route web a.example', { kind: 'removeSniRoute', proxy: 'web', hostname: 'a.example' }],
    [`weight web ${T1}=30`, { kind: 'setWeights', proxy: 'web', weights: { [T1]: 30 } }],
    ['weight web --equal', { kind: 'setWeights', proxy: 'web', weights: 'equal' }],
    ['interfaces attach eth2 --proxy web', { kind: 'attachInterfaces', interfaces: ['eth2'], proxy: 'web' }],
    ['interfaces detach eth1', { kind: 'detachInterfaces', interfaces: ['eth1'] }],
  ])('%s', async (line, change) => {
    const dry = await run(...line.split(' '), '--dry-run', '--plan');
    expect(dry).toMatchObject({ status: 0, err: '' });
    expect(dry.out).toMatch(/fill 1021 slots\n\d+ changes?, nothing was applied\n$/);
    expect(
      await run(...line.split(' '), '--if-hash', (await daemon().view.configuration.running()).hash),
    ).toMatchObject({
      status: 0,
      out: expect.stringMatching(/^[-+~] .*in force, generation 4\n$/s),
    });
    expect(asked().map(({ what }) => what)).toEqual([change, change]);
    expect(asked()[0]?.options).toEqual({ dryRun: true, plan: true });
  });

  it('says what it did, and as JSON', async () => {
    expect((await run('weight', 'web', `${T1}=30`)).out).toBe(
      [
        `~ proxy web, target ${T1}: weight 60 -> 30`,
        '~ proxy web, target 10.0.0.2:8080: weight 40 -> 70',
        '2 changes in force, generation 4',
        '',
      ].join('\n'),
    );
    expect((await run('weight', 'web', `${T1}=30`)).out).toBe('no differences\n');
    const json = JSON.parse((await run('weight', 'web', `${T1}=60`, '-o', 'json')).out);
    expect(json).toMatchObject({
      dryRun: false,
      differences: [{ subject: 'weight' }, { subject: 'weight' }],
    });
  });

  it.each([
    ['add', 64, 'missing required argument'],
    ['add thing web', 64, 'Allowed choices are proxy, target, route, sni-route'],
    ['add proxy new 10.0.0.1:80', 64, 'fix: sluice add proxy NAME'],
    ['add target web', 64, 'fix: sluice add target PROXY TARGET'],
    ['add target web 10.0.0.7', 64, '"10.0.0.7" is not a target'],
    ['add route web 10.0.0.0/8', 64, 'fix: sluice add route'],
    ['remove target web', 64, 'fix: sluice remove target'],
    ['remove proxy web --drain', 64, 'fix: sluice remove proxy'],
    ['weight web', 64, 'name weights, or --equal'],
    [`weight web ${T1}=0`, 64, 'a percentage from 1 to 100'],
    ['interfaces attach', 64, 'no interface to attach'],
    ['weight web 10.0.0.9:1=10', 69, 'has no target 10.0.0.9:1\nfix: it has: 10.0.0.1:8080, 10.0.0.2:8080'],
    ['add target web 10.0.0.1:8080', 78, 'already'],
    ['remove proxy web --if-hash 00', 75, 'it is "'],
  ])('%s is refused', async (line, status, message) => {
    expect(await run(...line.split(' '))).toMatchObject({ status, err: expect.stringContaining(message) });
  });

  it('drains a target before it is removed, and leaves it when the drain is cancelled', async () => {
    const { view } = daemon();
    const ends = ['draining', 'timeout'] as const;
    let reads = 0;
    view.targetState = async (proxy, target) => ({
      proxy,
      target,
      state: 'drain',
      drain: { ...sampleDrain, status: ends[Math.min(reads++, 1)] ?? 'timeout' },
    });
    expect((await run('remove', 'target', 'web', T1, '--drain', '--timeout', '2')).status).toBe(0);
    expect(view.timeouts).toEqual([2000]);
    expect(reads).toBe(2);
    expect(asked()).toHaveLength(1);
    view.targetState = async (proxy, target) => ({
      proxy,
      target,
      state: 'ready',
      drain: { ...sampleDrain, status: 'cancelled' },
    });
    expect((await run('remove', 'target', 'web', '10.0.0.2:8080', '--drain')).status).toBe(73);
    expect(asked()).toHaveLength(1);
  });
});

describe('what is in force', () => {
  it('is shown as proxies, routes and interfaces', async () => {
    expect((await run('proxies')).out).toBe(
      [
        'PROXY  LISTEN              PROTOCOL  MODE  TARGETS  ROUTES',
        'web    eth0 port 80        tcp       nat         2       2',
        'dns    eth0, eth1 port 53  udp       nat         1       0',
        '',
      ].join('\n'),
    );
    expect((await run('proxies', '--names')).out).toBe('web\ndns\n');
    expect((await run('routes')).out).toBe(
      [
        'PROXY  KIND    CLIENTS     TARGETS',
        'web    source  10.0.0.0/8  10.0.0.3:8080',
        'web    sni     a.example   10.0.0.4:8080',
        '',
      ].join('\n'),
    );
    expect((await run('routes', '--proxy', 'dns')).out).toBe('there are no routes\n');
    expect((await run('interfaces')).out).toBe(
      'INTERFACE  ROLE    ATTACHED  PROXIES\neth0       listen  native    web, dns\n',
    );
    for (const command of ['proxies', 'routes', 'interfaces']) {
      expect(JSON.parse((await run(command, '-o', 'json')).out)).toHaveProperty(command);
    }
  });

  it('is written as a file, which applied again changes nothing', async () => {
    await run('remove', 'proxy', 'dns');
    const folder = await mkdtemp(join(tmpdir(), 'sluice-config-'));
    for (const format of ['yaml', 'json']) {
      const file = join(folder, `running.${format}`);
      await writeFile(file, (await run('config', '-o', format)).out);
      expect(await run('diff', file)).toMatchObject({ status: 0, out: 'no differences\n' });
    }
    await writeFile(join(folder, 'sample.yaml'), SAMPLE_CONFIG);
    expect(await run('diff', join(folder, 'sample.yaml'))).toMatchObject({
      status: 1,
      out: '+ proxy dns: eth0, eth1 port 53 to 10.0.0.9:53\n1 change, nothing was applied\n',
    });
    expect((await run('apply', join(folder, 'sample.yaml'))).out).toContain('1 change in force');
    expect((await run('proxies', '--names')).out).toBe('web\ndns\n');
    await rm(folder, { recursive: true });
  });

  it('is held against the file, and taken back to it, with a warning of what is lost', async () => {
    await run('remove', 'proxy', 'dns');
    const lost = '  - proxy dns: eth0, eth1 port 53 to 10.0.0.9:53\n';
    expect(await run('diff')).toMatchObject({
      status: 1,
      out: '+ proxy dns: eth0, eth1 port 53 to 10.0.0.9:53\n1 change, nothing was applied\n',
      err: expect.stringContaining(`warning: changes made at run time would be taken back:\n${lost}`),
    });
    expect(await run('reload')).toMatchObject({
      status: 0,
      out: expect.stringContaining('1 change in force'),
      err: expect.stringContaining(`warning: changes made at run time were taken back:\n${lost}`),
    });
    expect(await run('diff')).toMatchObject({ status: 0, out: 'no differences\n' });
  });
});
