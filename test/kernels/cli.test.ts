import { describe, expect, it } from 'vitest';
import { runCli } from './cli.ts';
import { MACHINES } from './machines.ts';

async function answer(...argv: string[]): Promise<{ status: number; said: string }> {
  const lines: string[] = [];
  const signal = AbortSignal.abort(new Error('nothing is booted in this test'));
  const status = await runCli(argv, { project: '/nowhere', signal, say: (line) => lines.push(line) });
  return { status, said: lines.join('\n') };
}

describe('the command line of test:kernels', () => {
  it.each([
    ['an unknown machine', ['--only', '4.19-amd64'], 'no machine 4.19-amd64'],
    ['an unknown option', ['--quick'], "'--quick'"],
    ['a time that is none', ['--minutes', 'many'], '--minutes many'],
    ['no time at all', ['--minutes', '0'], '--minutes 0'],
  ])('refuses %s with status 64, and says how it is used', async (_what, argv, complaint) => {
    const { status, said } = await answer(...argv);
    expect(status).toBe(64);
    expect(said).toContain(complaint);
    for (const { name } of MACHINES) expect(said).toContain(name);
  });

  it('helps', async () => {
    expect(await answer('--help')).toMatchObject({
      status: 0,
      said: expect.stringMatching(/^usage: npm run test:kernels/),
    });
  });
});
