import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assertNoLeaks, exec, type KernelSnapshot, snapshotKernel } from '../../lab/index.ts';

const sluice = join(import.meta.dirname, '../../bin/sluice');

describe('sluice demo', () => {
  let before: KernelSnapshot;
  beforeEach(async () => {
    before = await snapshotKernel();
  });
  afterEach(() => assertNoLeaks(before));

  it('balances three pools without an error, ends by itself and leaves nothing behind', async () => {
    const { code, stdout, stderr } = await exec([sluice, 'demo', '--seconds', '3']);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    for (const pool of [
      'HTTP, weights 50/30/20',
      'HTTP, source route 10.1.2.0/24',
      'UDP echo, equal shares',
    ]) {
      expect(stdout).toMatch(new RegExp(`${pool}: [1-9][\\d,]* connections, 0 errors`));
    }
    expect(stdout).toContain('target4 100.0% of the connections');
    expect(stdout).toContain('Nothing is left');
    expect(stderr).toMatch(/another terminal: \S*sluice top --admin-socket \/\S+\/admin\.sock\n/);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('ends in good order at %s', async (signal) => {
    const child = spawn(sluice, ['demo'], { stdio: ['ignore', 'pipe', 'ignore'] });
    await once(child.stdout, 'data');
    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('leaves nothing behind when it is interrupted while it starts', async () => {
    const child = spawn(sluice, ['demo'], { stdio: ['ignore', 'ignore', 'pipe'] });
    await once(child.stderr, 'data');
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});
