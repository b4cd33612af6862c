import { systemCliIo } from '../src/cli/index.ts';
import { runCli } from './cli.ts';

process.exitCode = await runCli(process.argv.slice(2), systemCliIo());
