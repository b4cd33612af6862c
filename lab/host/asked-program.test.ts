import { describe, expect, it } from 'vitest';
import { AskedProgram } from './asked-program.ts';
import { OwnedProcess } from './owned-process.ts';

const IN_TIME = { timeoutMs: 20_000 };

/** Says each line backwards; ends at `end`, and has no answer to `hm`. */
const BACKWARDS = `while read line; do
  case $line in end) echo "so be it" >&2; exit 3 ;; hm) ;; *) echo "$line" | rev ;; esac
done`;

describe('a program that is asked', () => {
  const started = () => {
    const process = new OwnedProcess(['sh', '-c', BACKWARDS]);
    return { process, program: new AskedProgram(process), [Symbol.asyncDispose]: () => process.close() };
  };

  it('answers one question after another', async () => {
    await using asked = started();
    expect(await asked.program.ask('one', IN_TIME)).toBe('eno');
    expect(await asked.program.ask('two', IN_TIME)).toBe('owt');
    expect(asked.program.running).toBe(true);
  });

  it('that ends instead is an error with its last words', async () => {
    await using asked = started();
    await expect(asked.program.ask('end', IN_TIME)).rejects.toThrow(
      /^command failed: .*ended with 3: so be it/s,
    );
    expect(asked.program.running).toBe(false);
  });

  it('that takes too long is killed', async () => {
    await using asked = started();
    await expect(asked.program.ask('hm', { timeoutMs: 50 })).rejects.toThrow('no answer after 50 ms');
    expect(await asked.process.exited).toBe(null);
  });

  it('is killed when nobody wants the answer any more', async () => {
    await using asked = started();
    const control = new AbortController();
    const answer = asked.program.ask('hm', { ...IN_TIME, signal: control.signal });
    control.abort(new Error('never mind'));
    await expect(answer).rejects.toThrow('never mind');
    expect(await asked.process.exited).toBe(null);
  });
});
