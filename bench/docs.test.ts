import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { capturedIo } from '../src/cli/captured-io.fixture.ts';
import { runCli } from './cli.ts';
import { PARTS } from './plan.ts';

const page = readFileSync(new URL('../docs/performance.md', import.meta.url), 'utf8');

it('docs/performance.md names every option and part of the bench, and no other', async () => {
  const io = capturedIo();
  await runCli(['--help'], io);
  const optionsOf = (text: string) => new Set(text.match(/(?<![\w-])--[a-z]+/g));
  const wanted = optionsOf(io.out());
  wanted.delete('--help');
  expect(optionsOf(page)).toEqual(wanted);
  for (const part of PARTS) expect(page).toContain(`\`${part}\``);
});
