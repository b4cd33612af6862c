import { expect, it } from 'vitest';
import { capturedIo } from './captured-io.fixture.ts';
import { CommandContext } from './context.ts';
import { renderCliDocs } from './docs.ts';
import { buildProgram } from './program.ts';

it('docs/cli.md is what the commands say (refresh it with: vitest run --project unit src/cli/docs.test.ts -u)', async () => {
  const docs = renderCliDocs(buildProgram(new CommandContext(capturedIo())));
  await expect(docs).toMatchFileSnapshot('../../docs/cli.md');
});
