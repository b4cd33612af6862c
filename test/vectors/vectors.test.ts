import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertNoLeaks, type KernelSnapshot, snapshotKernel } from '../../lab/index.ts';
import type { Engine } from '../engines/index.ts';
import { KernelEngine } from '../engines/kernel/index.ts';
import { casesOf } from './cases.ts';
import { loadVectorFile, loadVectorFiles } from './load.ts';
import { runVectors, type VectorResult } from './run.ts';
import { WRONG_ON_PURPOSE } from './wrong-on-purpose.ts';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const vectors = loadVectorFiles(FOLDER, [WRONG_ON_PURPOSE]).flatMap(casesOf);
const wrong = casesOf(loadVectorFile(`${FOLDER}${WRONG_ON_PURPOSE}`));

const ENGINES: Readonly<Record<string, () => Promise<Engine>>> = {
  kernel: () => KernelEngine.create(),
};

describe.each(Object.keys(ENGINES))('the data path on the engine %s', (name) => {
  let before: KernelSnapshot;
  let engine: Engine;
  let results: ReadonlyMap<string, VectorResult>;

  beforeAll(async () => {
    before = await snapshotKernel();
    const create = ENGINES[name];
    if (!create) throw new Error(`no engine ${name}`);
    engine = await create();
    const all = await runVectors(engine, vectors);
    results = new Map(all.map((each, index) => [keyOf(index), each]));
    const skipped = all.filter(({ result }) => result === 'skipped');
    console.log(`${name}: ${all.length - skipped.length} vectors run, ${skipped.length} skipped`);
    for (const each of skipped) console.log(`  ${each.place} ${each.name}: ${each.why}`);
  });

  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
    await assertNoLeaks(before);
  });

  it.each(vectors.map((vector, index) => [vector.place, vector.case.name, keyOf(index)]))(
    '%s %s',
    (place, _, key) => {
      const result = results.get(key);
      if (result?.result === 'failed') expect.fail(`${place}\n${result.why}`);
      expect(result).toBeDefined();
    },
  );

  it('fails a vector that is wrong on purpose, and names the field', async () => {
    const [result] = await runVectors(engine, wrong);
    expect(result?.result).toBe('failed');
    expect(result?.why).toContain('ip.ttl: expected 62, got 63');
  });
});

function keyOf(index: number): string {
  return String(index);
}
