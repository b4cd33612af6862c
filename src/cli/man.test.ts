import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { capturedIo } from './captured-io.fixture.ts';
import { CommandContext } from './context.ts';
import { main } from './main.ts';
import { buildProgram } from './program.ts';

async function page(): Promise<string> {
  const io = capturedIo();
  expect(await main(['man'], io)).toBe(0);
  return io.out();
}

it('the manual page has every command with every option', async () => {
  const text = (await page()).replaceAll('\\-', '-');
  const { commands } = buildProgram(new CommandContext(capturedIo()));
  const sections = text.split('\n.SS sluice ').slice(1);
  expect(sections.map((section) => section.split(/[\n ]/)[0])).toEqual(
    commands.map((command) => command.name()),
  );
  for (const [index, command] of commands.entries()) {
    for (const { flags } of command.options) expect(sections[index]).toContain(`\n.B ${flags}\n`);
  }
});

it('the manual page has nothing that troff complains of, and reads as it was written', async () => {
  const input = await page();
  const options = ['-man', '-Tutf8', '-ww', '-P-c', '-P-b', '-P-u', '-rLL=100n'];
  const { stderr, stdout, status } = spawnSync('groff', options, { input, encoding: 'utf8' });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  expect(stdout).toMatch(/^SLUICE\(8\) +System Administration +SLUICE\(8\)/);
  expect(stdout).toMatch(/^ {7}-c, --config <file>$/m);
  expect(stdout).toMatch(/^ {7}78 +The configuration is not valid/m);
});
