import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFile, type NginxService, sha256 } from '../../lab/index.ts';
import { configOf, FAMILIES, useScene } from '../support/index.ts';
import { curlByName, getByName, sniProxies, startTlsTargets } from '../support/sni.ts';

const FILE_BYTES = 20_000_000;
const MSS_BYTES = 1460;
/** Segments of a packet, at least, on average. */
const MANY = 4;

describe.each([
  { attach: 'tc', offloads: 'on', mode: 'nat' },
  { attach: 'native', offloads: 'off', mode: 'nat' },
  { attach: 'tc', offloads: 'off', mode: 'snat' },
] as const)(
  'TLS connections by host name ($attach, offloads $offloads, $mode)',
  ({ attach, offloads, mode }) => {
    let nginx: readonly NginxService[] = [];
    const targetRoute = mode === 'snat' ? 'none' : 'balancer';
    const scene = useScene({ clients: [{ addresses: 2 }], offloads, targetRoute }, async (scene) => {
      nginx = await startTlsTargets(scene);
      await scene.start(configOf(sniProxies(scene, mode), { attach }));
    });

    it.each(FAMILIES)('go where their name leads, and are verified end to end (%s)', async (family) => {
      const expected = [
        ['a.example', 'target1'],
        ['A.EXAMPLE', 'target1'],
        ['q.wild.example', 'target2'],
        ['x.y.wild.example', 'target1'],
        ['b.example', 'target3'],
      ] as const;
      for (const [name, target] of expected) {
        const result = await getByName(scene, family, name);
        expect(result, name).toMatchObject({ verified: true, error: null });
        expect(result.body, name).toMatch(new RegExp(`^${target} `));
      }
    });

    it('without a name go to the default target', async () => {
      expect((await getByName(scene, 'v4', '')).body).toMatch(/^target3 /);
    });

    it.each(['TLSv1.2', 'TLSv1.3'] as const)('of %s find their target', async (version) => {
      const result = await getByName(scene, 'v4', 'a.example', { version });
      expect(result).toMatchObject({ verified: true, version, error: null });
      expect(result.body).toMatch(/^target1 /);
    });

    it.each([
      ['1.7 kB', { moreHelloBytes: 1300 }],
      ['8 kB', { moreHelloBytes: 7800 }],
      ['each byte in a segment of its own', { bytewise: 2000 }],
      ['2 kB and each byte in a segment of its own', { moreHelloBytes: 1600, bytewise: 3000 }],
    ])('find their target with a ClientHello of %s', async (_, more) => {
      const result = await getByName(scene, 'v6', 'a.example', more);
      expect(result).toMatchObject({ verified: true, error: null });
      expect(result.body).toMatch(/^target1 /);
    });

    it('speak HTTP/2, and show the target the client, or in snat mode the balancer', async () => {
      const { lab } = scene;
      const more = ['--http2', '-w', '%{http_version}'];
      const { stdout, stderr } = await curlByName(scene, 'v4', 'a.example', '/', more);
      const seen = mode === 'snat' ? '10\\.2\\.\\d+\\.\\d+' : lab.client().v4;
      expect(stdout, stderr).toMatch(new RegExp(`^target1 ${seen} \\d+\\n2$`));
    });

    it('of a source that has a route go there, whatever their name', async () => {
      const source = scene.lab.client().interface('eth0').addresses4[1] ?? '';
      const { stdout } = await curlByName(scene, 'v4', 'a.example', '/', ['--interface', source]);
      expect(stdout).toMatch(/^target2 /);
    });

    it.each(FAMILIES)('carry files whole, down and up (%s)', async (family) => {
      const { lab } = scene;
      const file = await makeFile(lab.target(), `big-${family}`, FILE_BYTES);
      const copy = join(lab.directory, 'down');
      const down = await curlByName(scene, family, 'a.example', `/files/big-${family}`, ['-o', copy]);
      expect(down.stderr).toBe('');
      expect(await sha256(copy)).toBe(file.sha256);
      const up = await curlByName(scene, family, 'a.example', `/upload/up-${family}`, ['-T', file.path]);
      expect(up.stderr).toBe('');
      expect(await nginx[0]?.uploadSha256(`up-${family}`)).toBe(file.sha256);
    });

    it.runIf(offloads === 'on')(
      'carry files in packets of many segments, as their senders make them',
      async () => {
        const { lab, balancer } = scene;
        await makeFile(lab.target(), 'many', FILE_BYTES);
        const packets = async () => (await balancer.reasons())['tc_ingress/reply'] ?? 0;
        const before = await packets();
        const { stderr } = await curlByName(scene, 'v4', 'a.example', '/files/many', ['-o', '/dev/null']);
        expect(stderr).toBe('');
        expect((await packets()) - before).toBeLessThan(FILE_BYTES / MSS_BYTES / MANY);
      },
    );
  },
);
