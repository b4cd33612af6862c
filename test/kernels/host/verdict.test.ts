import { describe, expect, it } from 'vitest';
import { checksOf } from '../checks.ts';
import { MACHINES } from '../machines.ts';
import { type Message, readMessage, writeMessage } from '../protocol.ts';
import { faultsOf, passedOf } from './verdict.ts';

describe.each(MACHINES)('the verdict on $name', (machine) => {
  const names = checksOf(machine, false);
  const [first = ''] = names;
  const started: Message = {
    type: 'started',
    release: `${machine.release}0-1-cloud`,
    architecture: 'any',
    node: 'v20',
  };
  const passed = (name: string): Message => ({ type: 'passed', name, ms: 1, detail: '' });
  const done: Message = { type: 'done' };
  const all = [started, ...names.map(passed), done];

  it('is good when every check was told passed', () => {
    expect(faultsOf(machine, names, all, [])).toEqual([]);
    expect(passedOf(names, all)).toBe(names.length);
  });

  it('is bad for a guest that says nothing, or nothing of a check', () => {
    expect(faultsOf(machine, names, [], [])).toEqual(['its programs never started']);
    const silent = all.filter((each) => !('name' in each && each.name === first));
    expect(faultsOf(machine, names, silent, [])).toEqual([`${first}: it was never tried`]);
    const hung: Message[] = [...silent, { type: 'checking', name: first }];
    expect(faultsOf(machine, names, hung, [])).toEqual([`${first}: it began and never ended`]);
    expect(passedOf(names, silent)).toBe(names.length - 1);
  });

  it('is bad for a check that failed, even if it passed as well', () => {
    const failed: Message = { type: 'failed', name: first, ms: 1, error: 'no' };
    expect(faultsOf(machine, names, [...all, failed], [])).toEqual([`${first}: no`]);
  });

  it('is bad for another kernel, a guest that dies, and trouble with the machine', () => {
    expect(faultsOf(machine, names, [{ ...started, release: '4.19.0' }, ...all.slice(1)], [])).toEqual([
      'it runs kernel 4.19.0',
    ]);
    expect(faultsOf(machine, names, all.slice(0, -1), ['late'])).toEqual([
      'late',
      'it ended before it was done',
    ]);
  });
});

describe('a line of a console', () => {
  it('holds a message, also behind other words and with line breaks in its text', () => {
    const message: Message = { type: 'failed', name: 'a', ms: 2, error: 'one\ntwo' };
    expect(readMessage(`[ 1.0] noise ${writeMessage(message)}\r`)).toEqual(message);
    expect(writeMessage(message)).not.toContain('\n');
  });

  it('is no message without the mark, and an error when it is damaged', () => {
    expect(readMessage('Kernel panic')).toBeUndefined();
    expect(() => readMessage(writeMessage({ type: 'done' }).slice(0, -3))).toThrow();
  });
});
