import { fileURLToPath } from 'node:url';
import { runCli } from './cli.ts';

const INTERRUPTED = 130;
const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
try {
  process.exitCode = await runCli(process.argv.slice(2), {
    // Compiled, this file lies in build/judge/test/kernels.
    project: fileURLToPath(new URL('../../../../', import.meta.url)),
    signal: stop.signal,
    say: (line) => console.log(line),
  });
} catch (error) {
  if (!stop.signal.aborted) throw error;
  process.exitCode = INTERRUPTED;
}
