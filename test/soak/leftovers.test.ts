import { mkdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Lab, PIN_DIRECTORY, uniqueInstance } from '../../lab/index.ts';
import { creatorWithPid } from '../../lab/naming.ts';
import { ownLeftovers } from '../../soak/stage/leftovers.ts';

it('what a soak leaves is found: a namespace, a process, a pin; and nothing once it is gone', async () => {
  const folder = join(PIN_DIRECTORY, uniqueInstance('test'));
  {
    await using lab = await Lab.create({ targets: 0 });
    const { pid } = lab.client().spawn(['sleep', '60']);
    mkdirSync(folder, { recursive: true });
    try {
      const found = await ownLeftovers(100);
      expect(found).toEqual(
        expect.arrayContaining([`${lab.id}-client1`, `${lab.id}-balancer`, `${pid} (${lab.id})`, folder]),
      );
    } finally {
      rmdirSync(folder);
    }
  }
  expect(await ownLeftovers()).toEqual([]);
});

it('what others make is not', async () => {
  const folder = join(PIN_DIRECTORY, uniqueInstance('test', creatorWithPid(1)));
  mkdirSync(folder, { recursive: true });
  try {
    expect(await ownLeftovers(100)).toEqual([]);
  } finally {
    rmdirSync(folder);
  }
});
