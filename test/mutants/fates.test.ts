import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readFates, wasKilled, writeFate } from './fates.ts';
import { readMutants } from './mutant.ts';

const [mutant, other] = readMutants();
if (!mutant || !other) throw new Error('no mutants');

describe('a run of the mutants that goes on from an earlier one', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-fates-'));
    path = join(folder, 'made/fates.jsonl');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const killed = { mutant, killedBy: { killer: 'vectors', how: '1 of 600' }, seconds: 3 };

  it('knows nothing when there was none', () => {
    expect(wasKilled(mutant, readFates(path))).toBe(false);
  });

  it('leaves out what was killed, and nothing else', () => {
    writeFate(killed, path);
    writeFate({ mutant: other, seconds: 3 }, path);
    const fates = readFates(path);
    expect([mutant, other].map((each) => wasKilled(each, fates))).toEqual([true, false]);
    expect(fates.get(mutant.id)?.killer).toBe('vectors');
  });

  it('tries again what survived later', () => {
    writeFate(killed, path);
    writeFate({ mutant, seconds: 3 }, path);
    expect(wasKilled(mutant, readFates(path))).toBe(false);
  });

  it('tries again what is another fault by now', () => {
    writeFate(killed, path);
    const changed = { ...mutant, replace: `${mutant.replace} ` };
    expect(wasKilled(changed, readFates(path))).toBe(false);
  });

  it('does without the half line of a run that was killed', () => {
    writeFate(killed, path);
    appendFileSync(path, '{"id":"half');
    expect(wasKilled(mutant, readFates(path))).toBe(true);
  });
});
