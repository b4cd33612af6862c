import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  fetchMany,
  hasIpvs,
  httpUrl,
  Lab,
  type RivalSpec,
  startHaproxy,
  startIpvs,
  startNftDnat,
  startNginx,
  startNginxStream,
} from '../../lab/index.ts';
import { makeAuthority, startTls } from '../support/tls.ts';

const ipvs = await hasIpvs();

describe.each([
  ['HAProxy', startHaproxy, true],
  ['nginx stream', startNginxStream, true],
  ['nftables DNAT', startNftDnat, true],
  ['IPVS (which needs ipvsadm and a kernel with ip_vs)', startIpvs, ipvs],
] as const)('%s as another balancer', (_name, start, available) => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await Lab.create({ targets: 2 });
    await Promise.all(lab.targets.map((target) => startNginx(target, { port: 8080 })));
  });
  afterAll(() => lab.close());

  it.runIf(available).each(['v4', 'v6'] as const)(
    'spreads connections by weight over %s and goes away',
    async (family) => {
      const listen = { address: family === 'v4' ? lab.vip4 : lab.vip6, port: 80 };
      const targets = lab.targets.map((target, index) => ({
        address: target[family],
        port: 8080,
        weight: index === 0 ? 3 : 1,
      }));
      const spec: RivalSpec = { listen, targets };
      const rival = await start(lab.balancer, spec);
      const { byTarget, errors } = await fetchMany(lab.client(), httpUrl(listen.address), { count: 400 });
      expect(errors).toEqual({});
      expect(byTarget.target1).toBeGreaterThan(260);
      expect(byTarget.target2).toBeGreaterThan(60);
      await rival.close();
      const after = await fetchMany(lab.client(), httpUrl(listen.address), { count: 2 });
      expect(after.errors).toEqual({ ECONNREFUSED: 2 });
    },
  );
});

describe.each([
  ['HAProxy', startHaproxy],
  ['nginx stream', startNginxStream],
] as const)('%s with names', (_name, start) => {
  it('sends a name to the target of its own, and others to the rest', async () => {
    await using lab = await Lab.create({ targets: 2 });
    const authority = await makeAuthority(lab.balancer, 'authority');
    const [named, other] = lab.targets;
    if (!named || !other) throw new Error('the lab has too few targets');
    await startTls(named, 443, 'named.example', authority);
    await startTls(other, 443, 'other.example', authority);
    await start(lab.balancer, {
      listen: { address: lab.vip4, port: 443 },
      targets: [{ address: other.v4, port: 443 }],
      names: { 'named.example': { address: named.v4, port: 443 } },
    });
    for (const name of ['named.example', 'other.example']) {
      const to = ['--connect-to', `${name}:443:${lab.vip4}:443`, `https://${name}/`];
      const curl = [
        'curl',
        '-sS',
        '-o',
        '/dev/null',
        '-w',
        '%{http_code}',
        '--cacert',
        authority.certificate,
      ];
      // Each target has a certificate for its own name only.
      expect(await lab.client().run([...curl, ...to]), name).toBe('200');
    }
  });
});
