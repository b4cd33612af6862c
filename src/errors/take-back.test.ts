import { expect, it } from 'vitest';
import { SluiceError } from './sluice-error.ts';
import { takeBack } from './take-back.ts';

const ERROR = new SluiceError('capacity', 'the table is full', {
  details: [{ where: 'proxy web', message: 'has too many targets' }],
});

function failing(message: string): () => void {
  return () => {
    throw new Error(message);
  };
}

it('an error whose way back succeeds stays as it is', () => {
  const done: string[] = [];
  const ways = ['tables', 'interfaces'].map((where) => ({ where, work: () => done.push(where) }));
  expect(takeBack(ERROR, ways)).toBe(ERROR);
  expect(done).toEqual(['tables', 'interfaces']);
});

it('an error whose way back fails tells both, after every way was tried', () => {
  const done: string[] = [];
  const error = takeBack(ERROR, [
    { where: 'tables', work: failing('no memory') },
    { where: 'interfaces', work: () => done.push('interfaces') },
  ]);
  expect(done).toEqual(['interfaces']);
  expect(error).toMatchObject({
    code: 'capacity',
    message: 'the table is full; the way back failed as well',
    details: [...ERROR.details, { where: 'tables', message: 'not as before: no memory' }],
    fix: expect.stringContaining('tried again'),
    cause: ERROR,
  });
});
