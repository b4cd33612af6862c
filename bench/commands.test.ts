import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { capturedIo } from '../src/cli/captured-io.fixture.ts';
import { runTool } from '../src/cli/index.ts';

const benches = readdirSync(import.meta.dirname).filter((name) => existsSync(file(name, 'main.ts')));

function file(bench: string, name: string): string {
  return `${import.meta.dirname}/${bench}/${name}`;
}

/** Runs the command line of a bench, and tells what it would measure. */
async function run(bench: string, ...argv: string[]) {
  const { command }: { readonly command: () => Command } = await import(`./${bench}/command.ts`);
  const io = capturedIo();
  let wishes: object | undefined;
  const status = await runTool(argv, io, command(), async (given) => {
    wishes = given;
    return 0;
  });
  return { status, wishes, stdout: io.out(), stderr: io.err() };
}

describe.each(benches)('npm run bench:%s', (bench) => {
  it('explains itself, with its arguments', async () => {
    const { status, stdout, wishes } = await run(bench, '--help');
    expect({ status, wishes }).toEqual({ status: 0, wishes: undefined });
    expect(stdout).toMatch(new RegExp(`^Usage: bench:${bench} \\[\\w+\\]`));
    expect(stdout).toMatch(/^Arguments:\n( {2}\w.*\n)+/m);
  });

  it('refuses what it does not know, and says how to learn of it', async () => {
    const { status, stderr, wishes } = await run(bench, '--nonsense');
    expect({ status, wishes }).toEqual({ status: 64, wishes: undefined });
    expect(stderr).toBe(`sluice: unknown option '--nonsense'\nfix: see: bench:${bench} --help\n`);
    expect(await run(bench, '1', '2', '3', '4')).toMatchObject({ status: 64, wishes: undefined });
  });

  it('begins with its command line, and is a command of npm', () => {
    const main = readFileSync(file(bench, 'main.ts'), 'utf8');
    expect(main).toMatch(/runTool\(process\.argv\.slice\(2\), systemCliIo\(\), command\(\), measure\);\n$/);
    const { scripts } = JSON.parse(readFileSync(`${import.meta.dirname}/../package.json`, 'utf8'));
    expect(scripts[`bench:${bench}`]).toMatch(new RegExp(`node dist/bench/${bench}/main\\.js$`));
  });
});

describe('the arguments of a bench', () => {
  it('have names, bounds and defaults', async () => {
    expect((await run('health')).wishes).toEqual({ targets: 2000, intervalMs: 1000, seconds: 10 });
    expect((await run('health', '10', '100')).wishes).toEqual({ targets: 10, intervalMs: 100, seconds: 10 });
    expect((await run('stats', '3', '1', 'events')).wishes).toEqual({
      rounds: 3,
      seconds: 1,
      part: 'events',
    });
  });

  it.each([
    ['health', ['many'], "'many' is invalid for argument 'targets'. It is a whole number from 1 to 60000."],
    [
      'health',
      ['10', '0'],
      "'0' is invalid for argument 'intervalMs'. It is a whole number from 10 to 3600000.",
    ],
    ['reload', ['1000', '1'], "'1' is invalid for argument 'targets'. It is a whole number from 2 to 100."],
    ['sni', ['1.5'], "'1.5' is invalid for argument 'rounds'. It is a whole number from 1 to 100."],
    ['stats', ['9', '2', 'logs'], "'logs' is invalid for argument 'part'. Allowed choices are events, log."],
  ])('are refused by bench:%s when they are %j', async (bench, argv, complaint) => {
    const { status, stderr, wishes } = await run(bench, ...argv);
    expect({ status, wishes }).toEqual({ status: 64, wishes: undefined });
    expect(stderr).toContain(complaint);
    expect(stderr).not.toContain('at ');
  });
});
