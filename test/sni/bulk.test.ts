import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFile, type NginxService, sha256 } from '../../lab/index.ts';
import { configOf, useScene } from '../support/index.ts';
import { curlByName, sniProxies, startTlsTargets, TLS_PORT } from '../support/sni.ts';
import { limitWindows, lose, tcpCounters } from './loss.ts';
import { isLong } from './scale.ts';

const CASES = [
  { lossPercent: 1, windowBytes: 0, shortBytes: 20_000_000, longBytes: 1_000_000_000 },
  { lossPercent: 5, windowBytes: 0, shortBytes: 2_000_000, longBytes: 1_000_000_000 },
  { lossPercent: 1, windowBytes: 16_384, shortBytes: 2_000_000, longBytes: 1_000_000_000 },
] as const;
/** One transfer of the long run; small windows wait for a timer after many a loss. */
const LONG_SECONDS = 1500;
const LONG_MS = 3_600_000;

/** The full length in native XDP too. */
const ATTACHES = isLong() ? (['tc', 'native'] as const) : (['tc'] as const);

describe.each(ATTACHES)('files over TLS by host name (%s)', (attach) => {
  let nginx: readonly NginxService[] = [];
  // Without offloads a segment is lost, not dozens of them in one piece.
  const scene = useScene({ clients: [{ addresses: 2 }], offloads: 'off' }, async (scene) => {
    nginx = await startTlsTargets(scene);
    await scene.start(configOf(sniProxies(scene), { attach }));
  });

  it.each(CASES)(
    'arrive whole, down and up, when $lossPercent % of segments are lost on both sides (windows of $windowBytes bytes; 0: as usual)',
    async ({ lossPercent, windowBytes, shortBytes, longBytes }) => {
      const { lab } = scene;
      const [client, target] = [lab.client(), lab.target()];
      const file = await makeFile(target, 'bulk', isLong() ? longBytes : shortBytes);
      const undo = [await lose([client, target], TLS_PORT, lossPercent)];
      if (windowBytes > 0)
        undo.push(...(await Promise.all([client, target].map((host) => limitWindows(host, windowBytes)))));
      const before = await Promise.all([client, target].map(tcpCounters));
      const copy = join(lab.directory, 'copy');
      const took = [await transfer('/files/bulk', ['-o', copy])];
      took.push(await transfer('/upload/bulk', ['-T', file.path]));
      const after = await Promise.all([client, target].map(tcpCounters));
      for (const each of undo) await each();
      expect(await sha256(copy)).toBe(file.sha256);
      expect(await nginx[0]?.uploadSha256('bulk')).toBe(file.sha256);
      await rm(copy);
      const counted = (name: string) =>
        after.map((each, index) => (each.get(name) ?? 0) - (before[index]?.get(name) ?? 0));
      if (isLong()) console.log(`${attach}, ${lossPercent} %, ${windowBytes}: ${took.join(' and ')} s`);
      // Both senders were told what had arrived behind the gaps, in numbers of their own.
      for (const recoveries of counted('TCPSackRecovery')) expect(recoveries).toBeGreaterThan(0);
      expect(counted('TCPSACKDiscard')).toEqual([0, 0]);
    },
    LONG_MS,
  );

  async function transfer(path: string, more: readonly string[]): Promise<string> {
    const seconds = isLong() ? LONG_SECONDS : 60;
    const flags = ['--max-time', String(seconds), '-w', '%{stderr}%{time_total}', ...more];
    const options = { timeoutMs: (seconds + 60) * 1000 };
    const { code, stderr } = await curlByName(scene, 'v4', 'a.example', path, flags, options);
    expect(code, stderr).toBe(0);
    return stderr;
  }
});
