import { expect, it } from 'vitest';
import { SluiceError } from '../../src/errors/index.ts';
import { askPatiently } from './ask.ts';

/** Fails so often, then answers. */
function daemonThatFails(times: number, code: 'unreachable' | 'internal') {
  let asked = 0;
  return () => (asked++ < times ? Promise.reject(new SluiceError(code, 'no')) : Promise.resolve(asked));
}

it('asks a daemon again that did not answer, five times in all', async () => {
  expect(await askPatiently(daemonThatFails(4, 'unreachable'))).toBe(5);
  await expect(askPatiently(daemonThatFails(5, 'unreachable'))).rejects.toThrow('no');
});

it('takes any other answer for one', async () => {
  await expect(askPatiently(daemonThatFails(1, 'internal'))).rejects.toThrow('no');
});
