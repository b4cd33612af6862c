import { describe, expect, it } from 'vitest';
import type { ToolIo } from '../src/cli/index.ts';
import { runCli } from './cli.ts';

/** Runs the command line; what is tested here never gets as far as measuring. */
async function run(...argv: string[]) {
  const text = { stdout: '', stderr: '' };
  const output = (name: 'stdout' | 'stderr') => ({
    isTTY: false,
    write: (more: string) => {
      text[name] += more;
    },
  });
  const io: ToolIo = {
    stdout: output('stdout'),
    stderr: output('stderr'),
    env: {},
    onSignal: () => () => undefined,
    exitNow: () => undefined,
  };
  return { status: await runCli(argv, io), ...text };
}

describe('the command line of the bench', () => {
  it('explains itself', async () => {
    const { status, stdout } = await run('--help');
    expect(status).toBe(0);
    for (const option of ['--rounds', '--only', '--quick', '--output']) expect(stdout).toContain(option);
  });

  it.each([
    { argv: ['--only', 'speed'], names: ['speed', 'connections', 'cost'] },
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
