import { describe, expect, it } from 'vitest';
import { capturedIo } from '../src/cli/captured-io.fixture.ts';
import { runCli } from './cli.ts';

/** Runs the command line; what is tested here never gets as far as soaking. */
async function run(...argv: string[]) {
  const io = capturedIo();
  return { status: await runCli(argv, io), stdout: io.out(), stderr: io.err() };
}

describe('the command line of the soak', () => {
  it('explains itself', async () => {
    const { status, stdout } = await run('--help');
    expect(status).toBe(0);
    const options = ['--minutes', '--seconds', '--seed', '--rate', '--only', '--output'];
    for (const option of options) expect(stdout).toContain(option);
  });

  it.each([
    { argv: ['--minutes', '0'], names: ['1 to'] },
    { argv: ['--seconds', '1'], names: ['5 to'] },
    { argv: ['--minutes', '1', '--seconds', '9'], names: ['cannot be used with'] },
    { argv: ['--only', 'xdp'], names: ['tc', 'native'] },
    { argv: ['--minuets', '5'], names: ['--minutes'] },
  ])('refuses $argv and says what would do', async ({ argv, names }) => {
    const { status, stderr } = await run(...argv);
    expect(status).toBe(64);
    for (const name of names) expect(stderr).toContain(name);
  });
});
