import { describe, expect, it } from 'vitest';
import { capturedIo } from '../src/cli/captured-io.fixture.ts';
import { runCli } from './cli.ts';

/** Runs the command line; what is tested here never gets as far as measuring. */
async function run(...argv: string[]) {
  const io = capturedIo();
  return { status: await runCli(argv, io), stdout: io.out(), stderr: io.err() };
}

describe('the command line of the bench', () => {
  it('explains itself', async () => {
    const { status, stdout } = await run('--help');
    expect(status).toBe(0);
    for (const option of ['--rounds', '--only', '--quick', '--output']) expect(stdout).toContain(option);
  });

  it.each([
    { argv: ['--only', 'speed'], names: ['speed', 'connections', 'cost'] },
    { argv: ['--contenders', 'katran'], names: ['katran', 'ipvs', 'sluice-tc'] },
    { argv: ['--rounds', '0'], names: ['1 to 100'] },
    { argv: ['--rounds', 'many'], names: ['1 to 100'] },
    { argv: ['-o', 'xml'], names: ['table', 'json'] },
    { argv: ['--quik'], names: ['--quick'] },
  ])('refuses $argv and says what would do', async ({ argv, names }) => {
    const { status, stderr } = await run(...argv);
    expect(status).toBe(64);
    for (const name of names) expect(stderr).toContain(name);
  });
});
