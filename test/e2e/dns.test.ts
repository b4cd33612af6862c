import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  fetchMany,
  httpUrl,
  type NameServer,
  startNameServer,
  startNginx,
  startTcpEcho,
  startUdpEcho,
} from '../../lab/index.ts';
import { ECHO_PORT, Held } from '../support/held.ts';
import {
  type Balancer,
  type ConfigFile,
  configOf,
  expectShares,
  FAMILIES,
  type Family,
  useScene,
} from '../support/index.ts';
import { tablesByMeaning } from '../support/kernel-tables.ts';
import { runRefused } from '../support/refused.ts';
import { Traffic } from '../support/traffic.ts';

const COUNT = 400;
/** How long no server answers after that was noticed; DNS_OUTAGE_MS=60000 for a minute. */
const OUTAGE_MS = Number(process.env.DNS_OUTAGE_MS ?? 0);
const REFRESH = { dnsRefreshSeconds: 1 };

describe('targets with names', () => {
  let server: NameServer;
  // The last host has the name server, the others are targets.
  const scene = useScene({ targets: 4 }, async ({ lab }) => {
    for (const target of lab.targets.slice(0, 3)) {
      await startNginx(target);
      await startNginx(target, { port: 8080 });
      await Promise.all([startTcpEcho(target), startUdpEcho(target)]);
    }
    server = await startNameServer(lab.target(3), {
      names: names(),
      services: [
        '_web._tcp.svc.lab,a.svc.lab,8080,1,30',
        '_web._tcp.svc.lab,b.svc.lab,80,1,10',
        '_web._tcp.svc.lab,c.svc.lab,80,2,10',
      ],
    });
  });
  const address = (target: number, family: Family) => scene.lab.target(target)[family];
  const names = () => ({
    'a.svc.lab': [address(0, 'v4')],
    'b.svc.lab': [address(1, 'v4')],
    'c.svc.lab': [address(2, 'v4')],
    'many.svc.lab': FAMILIES.flatMap((family) => [address(0, family), address(1, family)]),
    'moves.svc.lab': [address(0, 'v4')],
    'gone.svc.lab': [address(0, 'v4')],
  });
  const web = (defaultTarget: ConfigFile | readonly ConfigFile[], listen: ConfigFile = {}) => ({
    name: 'web',
    listen: { interfaces: ['front0'], port: 80, ...listen },
    defaultTarget,
  });
  const config = (...proxies: readonly ConfigFile[]) => configOf(proxies, { dnsServers: [address(3, 'v4')] });
  const named = (host: string, more: ConfigFile = REFRESH): ConfigFile => ({ host, port: 80, ...more });
  const shares = async (family: Family = 'v4') => {
    const { byTarget, errors } = await fetchMany(scene.lab.client(), httpUrl(scene.lab.balancer[family]), {
      count: COUNT,
    });
    expect(errors).toEqual({});
    return byTarget;
  };
  const hosts = async (balancer: Balancer) => (await balancer.admin.dns()).hosts;

  it.each(FAMILIES)(
    'share the connections of a family among the addresses of that family (%s)',
    async (family) => {
      await scene.lend(config(web(named('many.svc.lab'))));
      expectShares(await shares(family), { target1: 1, target2: 1 });
    },
  );

  it('stand beside targets with addresses, each address with its part of the weight', async () => {
    const fixed = { ip: address(2, 'v4'), port: 80, weight: 40 };
    await scene.lend(config(web([fixed, named('many.svc.lab', { weight: 60 })])));
    expectShares(await shares(), { target1: 30, target2: 30, target3: 40 });
  });

  it('move new connections when their record changes, and no open one', async () => {
    const { lab } = scene;
    const echo = { ...web(named('moves.svc.lab', { ...REFRESH, port: ECHO_PORT })), name: 'echo' };
    const listen = { interfaces: ['front0'], port: ECHO_PORT, protocol: 'both' };
    const balancer = await scene.lend(config(web(named('moves.svc.lab')), { ...echo, listen }));
    await using held = await Held.open(lab.client(), lab.vip4);
    expect(held.targets).toEqual(['target1']);
    await using traffic = new Traffic(lab.client(), httpUrl(lab.vip4));
    await held.during(async () => {
      await server.setNames({ ...names(), 'moves.svc.lab': [address(1, 'v4')] });
      await expect
        .poll(async () => (await hosts(balancer))[0]?.addresses, { timeout: 10_000 })
        .toMatchObject([{ address: address(1, 'v4') }]);
      await traffic.rounds(1);
      expect(Object.keys(await shares())).toEqual(['target2']);
    });
    expect(held.targets).toEqual(['target1']);
    expect(await traffic.stop()).toMatchObject({ errors: {} });
    await server.setNames(names());
  });

  it('keep their addresses when the name is gone', async () => {
    const balancer = await scene.lend(config(web(named('gone.svc.lab'))));
    const { 'gone.svc.lab': _, ...others } = names();
    await server.setNames(others);
    await expect
      .poll(async () => (await hosts(balancer))[0]?.lastError, { timeout: 10_000 })
      .toMatch(/ENOTFOUND/);
    expect(await shares()).toEqual({ target1: COUNT });
    await server.setNames(names());
  });

  it('are resolved at once by `sluice dns --resolve`', async () => {
    const balancer = await scene.lend(config(web(named('moves.svc.lab', { dnsRefreshSeconds: 3600 }))));
    // A TTL of 0 would ask again after a second.
    await server.setNames({ ...names(), 'moves.svc.lab': [address(2, 'v4')] });
    await expect
      .poll(async () => (await balancer.sluice('dns', '--resolve', 'Moves.svc.lab')).stdout, {
        timeout: 10_000,
      })
      .toMatch(new RegExp(`moves\\.svc\\.lab +web +${address(2, 'v4')} +100%`));
    expect(await shares()).toEqual({ target3: COUNT });
    const unknown = await balancer.sluice('dns', '--resolve', 'x.svc.lab');
    expect(unknown).toMatchObject({ code: 69 });
    expect(unknown.stderr).toBe('sluice: no target has the host x.svc.lab\nfix: hosts are: moves.svc.lab\n');
    await server.setNames(names());
  });

  it('that do not exist keep the daemon from starting: every one, with its place', async () => {
    const sourceRoutes = [{ source: '10.0.0.0/8', target: named('y.svc.lab') }];
    const bad = config({ ...web(named('x.svc.lab')), sourceRoutes });
    const { code, stderr, pinned } = await runRefused(scene.lab, bad);
    expect(code).toBe(69);
    expect(stderr).toMatch(
      /host names of targets cannot be resolved\n {2}proxy web, defaultTarget: x\.svc\.lab: .*ENOTFOUND.*\n {2}proxy web, source 10\.0\.0\.0\/8: y\.svc\.lab: .*\nfix: /,
    );
    expect(pinned).toEqual({ programs: {}, maps: {}, links: {} });
  });

  it('that do not exist refuse a reload, and everything goes on as before', async () => {
    const balancer = await scene.lend(config(web(named('a.svc.lab'))));
    await expect(balancer.reload(config(web(named('x.svc.lab'))))).rejects.toThrow(/cannot be resolved/);
    expect(await shares()).toEqual({ target1: COUNT });
    expect((await hosts(balancer)).map(({ hostname }) => hostname)).toEqual(['a.svc.lab']);
    await balancer.reload(config(web(named('b.svc.lab'))));
    expect(await shares()).toEqual({ target2: COUNT });
    expect((await hosts(balancer)).map(({ hostname }) => hostname)).toEqual(['b.svc.lab']);
  });

  it('go by the SRV records of a service: ports, weights, priorities', async () => {
    const balancer = await scene.start(config(web(named('_web._tcp.svc.lab'))));
    expectShares(await shares(), { target1: 75, target2: 25 });
    const { targets } = await balancer.admin.stats();
    expect(targets.map(({ target }) => target).sort()).toEqual([
      `${address(0, 'v4')}:8080`,
      `${address(1, 'v4')}:80`,
    ]);
  });

  it('keep their addresses and connections while no server answers, and say so', async () => {
    const { lab } = scene;
    const listen = { port: ECHO_PORT, protocol: 'both' };
    const echo = { ...web(named('b.svc.lab', { ...REFRESH, port: ECHO_PORT }), listen), name: 'echo' };
    const balancer = await scene.start(config(web(named('a.svc.lab')), echo));
    const before = await tablesByMeaning(balancer.instance);
    await using held = await Held.open(lab.client(), lab.vip4);
    await using traffic = new Traffic(lab.client(), httpUrl(lab.vip4));
    server.service.process.kill('SIGSTOP');
    try {
      await held.during(async () => {
        await expect
          .poll(async () => (await hosts(balancer))[0]?.lastError, { timeout: 20_000 })
          .toMatch(/ETIMEOUT/);
        await sleep(OUTAGE_MS);
        await traffic.rounds();
      });
      expect((await balancer.sluice('dns')).stdout).toMatch(
        /warning: a\.svc\.lab failed .*ETIMEOUT.*; its last/,
      );
      expect((await balancer.admin.status()).warnings.join()).toMatch(/host a\.svc\.lab: .*ETIMEOUT/);
      expect(await tablesByMeaning(balancer.instance)).toEqual(before);
    } finally {
      server.service.process.kill('SIGCONT');
    }
    const { byTarget, errors } = await traffic.stop();
    expect([Object.keys(byTarget), errors]).toEqual([['target1'], {}]);
    await expect
      .poll(async () => (await hosts(balancer))[0]?.consecutiveFailures, { timeout: 20_000 })
      .toBe(0);
  });
});
