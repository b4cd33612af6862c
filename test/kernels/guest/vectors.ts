import { fileURLToPath } from 'node:url';
import { KernelEngine } from '../../engines/kernel/index.ts';
import { casesOf } from '../../vectors/cases.ts';
import { loadVectorFiles } from '../../vectors/load.ts';
import { runVectors } from '../../vectors/run.ts';
import { WRONG_ON_PURPOSE } from '../../vectors/wrong-on-purpose.ts';
import { expectThat } from './expect.ts';

/** Failures that are told in full. */
const TOLD = 8;

/** Every vector, by BPF_PROG_RUN; a vector that this kernel cannot be given is skipped and counted. */
export async function checkVectors(): Promise<string> {
  const folder = fileURLToPath(new URL('../../vectors/', import.meta.url));
  const cases = loadVectorFiles(folder, [WRONG_ON_PURPOSE]).flatMap(casesOf);
  await using engine = await KernelEngine.create();
  const results = await runVectors(engine, cases);
  const failed = results.filter(({ result }) => result === 'failed');
  const told = failed.slice(0, TOLD).map(({ place, name, why }) => `${place}: ${name}\n${why}`);
  expectThat(
    failed.length === 0,
    `${failed.length} of ${results.length} vectors failed:\n${told.join('\n')}`,
  );
  const passed = results.filter(({ result }) => result === 'passed').length;
  expectThat(passed > 0, 'there are no vectors');
  return `${passed} vectors, ${results.length - passed} skipped`;
}
