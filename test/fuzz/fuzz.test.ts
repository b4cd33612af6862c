import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failingInput } from '../mutants/corpora.ts';
import { readMutants, writeMutant } from '../mutants/mutant.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const BUILT = fileURLToPath(new URL('../../build/fuzz/quick', import.meta.url));
const MAX_CORPUS_BYTES = 300_000;
/** Seconds of work, which a busy machine takes its time for. */
const BUILD_TIMEOUT_MS = 600_000;

const run = promisify(execFile);
const targets = (await readdir(join(HERE, 'targets'))).map((file) => file.replace(/\.c$/, ''));

/** Runs every input of a target's corpus once; what libFuzzer says. Rejects when one fails. */
async function runCorpus(target: string): Promise<string> {
  const corpus = join(HERE, 'corpus', target);
  const { stderr } = await run(join(BUILT, target), ['-runs=0', `-artifact_prefix=${BUILT}/`, corpus]);
  return stderr;
}

describe('the corpora of the fuzzers', () => {
  beforeAll(() => run(join(HERE, 'build'), ['--quick']), BUILD_TIMEOUT_MS);

  it.each(targets)('%s finds nothing', async (target) => {
    const inputs = await readdir(join(HERE, 'corpus', target));
    expect(inputs.length).toBeGreaterThan(10);
    const said = await runCorpus(target);
    expect(Number(/Done (\d+) runs/.exec(said)?.[1])).toBeGreaterThanOrEqual(inputs.length);
  });

  it('are small', async () => {
    const entries = await readdir(join(HERE, 'corpus'), { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name));
    const sizes = await Promise.all(files.map(async (file) => (await readFile(file)).length));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MAX_CORPUS_BYTES);
  });
});

/** Target, fault, and what the target says of it. */
const PLANTED = [['parser', 'short-tcp-header-accepted', /FUZZ: .*reason 0, not 19/]] as const;

describe('a planted fault', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-fuzz-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each(PLANTED)(
    'in the data path is found by %s: %s',
    async (target, id, words) => {
      const mutant = readMutants().find((each) => each.id === id);
      if (!mutant) throw new Error(`no mutant ${id}`);
      writeMutant(mutant, join(folder, 'bpf'));
      expect(await failingInput(folder, [target])).toMatch(words);
    },
    BUILD_TIMEOUT_MS,
  );
});
