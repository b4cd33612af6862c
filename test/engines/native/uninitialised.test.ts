import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { casesOf } from '../../vectors/cases.ts';
import { loadVectorFiles } from '../../vectors/load.ts';
import { runVectors } from '../../vectors/run.ts';
import { WRONG_ON_PURPOSE } from '../../vectors/wrong-on-purpose.ts';
import { NativeEngine } from '../native.ts';

const VECTORS = fileURLToPath(new URL('../../vectors', import.meta.url));

it('no vector makes the data path depend on what it has not written', async () => {
  const vectors = loadVectorFiles(VECTORS, [WRONG_ON_PURPOSE]).flatMap(casesOf);
  await using engine = await NativeEngine.open({ variant: 'uninitialised' });
  const results = await runVectors(engine, vectors);
  expect(results.filter(({ result }) => result !== 'passed')).toEqual([]);
});
