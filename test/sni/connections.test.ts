import { describe, expect, it } from 'vitest';
import { Capture, decodeFrame, type TlsManyResult, tlsMany } from '../../lab/index.ts';
import { configOf, useScene } from '../support/index.ts';
import { authorityFile, getByName, sniProxies, startTlsTargets, TLS_PORT } from '../support/sni.ts';
import { isLong } from './scale.ts';

/** Connections by name; in the long run as many go to a target directly. */
const COUNT = isLong() ? 10_002 : 300;
const NAMES = [
  ['a.example', 'target1'],
  ['q.wild.example', 'target2'],
  ['b.example', 'target3'],
] as const;
const LONG_MS = 3_600_000;

describe.each([
  { attach: 'tc', offloads: 'on' },
  ...(isLong() ? [{ attach: 'native', offloads: 'off' } as const] : []),
] as const)('TLS connections by host name, one after another ($attach)', ({ attach, offloads }) => {
  const scene = useScene({ clients: [{ addresses: 2 }], offloads }, async (scene) => {
    await startTlsTargets(scene);
    await scene.start(configOf(sniProxies(scene), { attach }));
  });

  it(
    `${COUNT} times all get to their target`,
    async () => {
      const { lab } = scene;
      const count = COUNT / NAMES.length;
      const by = (address: string) => NAMES.map(([name]) => ({ address, port: TLS_PORT, name }));
      const ways = [...by(lab.balancer.v4), ...(isLong() ? by(lab.target().v4) : [])];
      const results = await tlsMany(lab.client(), { ways, count, authorityFile: authorityFile(scene) });
      const [through, direct] = [results.slice(0, NAMES.length), results.slice(NAMES.length)];
      expect(through.map(({ errors }) => errors)).toEqual(NAMES.map(() => ({})));
      expect(through.map(({ byTarget }) => byTarget)).toEqual(NAMES.map(([, name]) => ({ [name]: count })));
      expect(direct.map(({ errors }) => errors)).toEqual(direct.map(() => ({})));
      if (isLong()) console.log(`${attach}: through ${timesOf(through)}, direct ${timesOf(direct)}`);
    },
    LONG_MS,
  );

  it('have one round trip more to the target than a direct one, and none more to the client', async () => {
    const { lab } = scene;
    const filter = `tcp port ${TLS_PORT}`;
    const sides = await Promise.all(
      ['front0', 'back0'].map((name) => Capture.start(lab.balancer, { interface: name, filter })),
    );
    expect(await getByName(scene, 'v4', 'a.example')).toMatchObject({ verified: true });
    const [front = [], back = []] = await Promise.all(sides.map(begins));
    // The ClientHello leaves with the answer to it still to come, and meets a target that has just answered.
    expect(front.slice(0, 4)).toEqual(['> S', '< SA', '> A', '> PA']);
    expect(back.slice(0, 3)).toEqual(['> S', '< SA', '> PA']);
  });
});

/** Direction and flags of the segments of a capture, in their order. */
async function begins(capture: Capture): Promise<readonly string[]> {
  const segments = (await capture.frames()).map(({ bytes }) => decodeFrame(bytes).ip?.transport);
  return segments.flatMap((segment) =>
    segment?.kind === 'tcp' ? [`${segment.destinationPort === TLS_PORT ? '>' : '<'} ${segment.flags}`] : [],
  );
}

function timesOf(results: readonly TlsManyResult[]): string {
  const all = results.flatMap(({ handshakesMs }) => handshakesMs).sort((a, b) => a - b);
  const at = (share: number) => (all[Math.floor(all.length * share)] ?? Number.NaN).toFixed(3);
  return `median ${at(0.5)} ms, p99 ${at(0.99)} ms of ${all.length}`;
}
