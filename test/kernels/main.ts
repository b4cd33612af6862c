import { fileURLToPath } from 'node:url';
import { runCli } from './cli.ts';

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.once(name, () => stop.abort(new Error('interrupted')));
process.exitCode = await runCli(process.argv.slice(2), {
  // Compiled, this file lies in build/judge/test/kernels.
  project: fileURLToPath(new URL('../../../../', import.meta.url)),
  signal: stop.signal,
  say: (line) => console.log(line),
});
