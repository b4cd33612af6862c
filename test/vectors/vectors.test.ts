import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertNoLeaks, type KernelSnapshot, snapshotKernel } from '../../lab/index.ts';
import type { Engine } from '../engines/index.ts';
import { KernelEngine } from '../engines/kernel/index.ts';
import { NativeEngine } from '../engines/native.ts';
import { casesOf } from './cases.ts';
import { loadVectorFile, loadVectorFiles } from './load.ts';
import { runVectors, type VectorResult } from './run.ts';
import { WRONG_ON_PURPOSE } from './wrong-on-purpose.ts';

/** The first use of the native engine compiles it. */
const BUILD_TIMEOUT_MS = 180_000;
const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const ENGINES: readonly { readonly name: string; open(): Promise<Engine> }[] = [
  { name: 'this kernel', open: () => KernelEngine.create(undefined, { hardwareChecksums: true }) },
  { name: 'the native build', open: () => NativeEngine.open() },
];

const vectors = loadVectorFiles(FOLDER, [WRONG_ON_PURPOSE]).flatMap(casesOf);
const wrong = casesOf(loadVectorFile(`${FOLDER}${WRONG_ON_PURPOSE}`));

describe.each(ENGINES.map(({ name, open }) => [name, open] as const))(
  'the data path, on %s',
  (name, open) => {
    let before: KernelSnapshot;
    let engine: Engine;
    let results: readonly VectorResult[];

    beforeAll(async () => {
      before = await snapshotKernel();
      engine = await open();
      results = await runVectors(engine, vectors);
      console.log(`${name}: ${summary(results)}`);
    }, BUILD_TIMEOUT_MS);

    afterAll(async () => {
      await engine[Symbol.asyncDispose]();
      await assertNoLeaks(before);
    });

    for (const [index, { place, case: vector }] of vectors.entries()) {
      it(`${place} ${vector.name}`, (context) => {
        const result = results[index];
        if (result?.result === 'skipped') context.skip(result.why);
        if (result?.result === 'failed') expect.fail(`${place}\n${result.why}`);
        expect(result?.result).toBe('passed');
      });
    }

    it('fails a vector that is wrong on purpose, and names the field', async () => {
      const [result] = await runVectors(engine, wrong);
      expect(result?.result).toBe('failed');
      // The header checksum follows from the TTL, so it differs too.
      expect(result?.why.replaceAll(/0x[0-9a-f]{4}/g, '0x....')).toBe(
        'ip.ttl: expected 62, got 63\nip.checksum: expected 0x...., got 0x....',
      );
    });
  },
);

/** `478 vectors run, 14 skipped: kernel has no randoms (4), ...` */
function summary(results: readonly VectorResult[]): string {
  const skipped = results.filter(({ result }) => result === 'skipped').map(({ why }) => why);
  const kinds = [...new Set(skipped)].map(
    (why) => `${why} (${skipped.filter((each) => each === why).length})`,
  );
  return `${results.length - skipped.length} vectors run, ${skipped.length} skipped: ${kinds.join(', ') || 'none'}`;
}
