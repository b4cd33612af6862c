import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { kill } from './kill.ts';
import { createKillers } from './killers.ts';
import { BPF_FOLDER, HARMLESS, type Mutant, mutate, readMutants } from './mutant.ts';

const MUTANTS = readMutants();
/** Headers that only declare. */
const WITHOUT_MUTANTS = ['abi.h', 'capture_abi.h', 'flow_event.h', 'latency_abi.h', 'maps.h', 'reason.h'];
/** The first compiles what all share. */
const KILL_TIMEOUT_MS = 300_000;
/** A few that are killed in every `npm test`; `npm run test:mutants` kills them all. */
const SAMPLE = ['checksum-carry-lost', 'shortest-quote-refused', 'half-idle-flow-expired'];

function textOf(mutant: Mutant): string {
  return readFileSync(join(BPF_FOLDER, mutant.file), 'utf8');
}

describe('the mutants', () => {
  it('have ids of their own', () => {
    expect(new Set(MUTANTS.map(({ id }) => id)).size).toBe(MUTANTS.length);
  });

  it.each(MUTANTS.map((mutant) => [mutant.id, mutant] as const))('%s still applies', (_, mutant) => {
    const text = textOf(mutant);
    expect(mutate(mutant, text)).not.toBe(text);
  });

  it('are in every file of the data path that decides something', () => {
    const files = readdirSync(BPF_FOLDER).filter((file) => !WITHOUT_MUTANTS.includes(file));
    expect(files.filter((file) => MUTANTS.every((mutant) => mutant.file !== file))).toEqual([]);
  });

  it('that do not apply say where to look', () => {
    const [mutant] = MUTANTS;
    if (!mutant) throw new Error('no mutants');
    expect(() => mutate({ ...mutant, find: 'not there' }, textOf(mutant))).toThrow(
      `mutant ${mutant.id}: "not there" occurs 0 times in bpf/${mutant.file}`,
    );
  });
});

describe('a mutant', () => {
  const killers = createKillers();

  it.each(SAMPLE)(
    '%s is killed',
    async (id) => {
      const mutant = MUTANTS.find((each) => each.id === id);
      if (!mutant) throw new Error(`no mutant ${id}`);
      const { killedBy } = await kill(mutant, killers);
      expect(killedBy).toBeDefined();
    },
    KILL_TIMEOUT_MS,
  );

  it(
    'that changes nothing survives',
    async () => {
      const { killedBy } = await kill(
        HARMLESS,
        killers.filter(({ name }) => name === 'vectors'),
      );
      expect(killedBy).toBeUndefined();
    },
    KILL_TIMEOUT_MS,
  );
});
