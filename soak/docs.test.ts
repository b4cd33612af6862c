import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { capturedIo } from '../src/cli/captured-io.fixture.ts';
import { runCli } from './cli.ts';
import { STAGES } from './plan.ts';

const page = readFileSync(new URL('../docs/soak.md', import.meta.url), 'utf8');

it('docs/soak.md names every option and stage of the soak, and no other option', async () => {
  const io = capturedIo();
  await runCli(['--help'], io);
  const optionsOf = (text: string) => new Set(text.match(/(?<![\w-])--[a-z]+/g));
  const wanted = optionsOf(io.out());
  wanted.delete('--help');
  expect(optionsOf(page)).toEqual(wanted);
  for (const stage of STAGES) expect(page).toContain(`\`${stage}\``);
});
