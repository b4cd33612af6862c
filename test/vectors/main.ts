import { release } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { KernelEngine } from '../engines/kernel/index.ts';
import { casesOf } from './cases.ts';
import { loadVectorFiles } from './load.ts';
import { runVectors } from './run.ts';
import { WRONG_ON_PURPOSE } from './wrong-on-purpose.ts';

// Runs every vector on this kernel: `node main.js [--vectors FOLDER] [--object FILE] [--json]`. Needs root, `ip` and libbpf.
// Exit status 1 when a vector fails. Compiled by test/tsconfig.guest.json for machines without a compiler.
const { values } = parseArgs({
  options: {
    vectors: { type: 'string', default: fileURLToPath(new URL('.', import.meta.url)) },
    object: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const cases = loadVectorFiles(values.vectors, [WRONG_ON_PURPOSE]).flatMap(casesOf);
await using engine = await KernelEngine.create(values.object, { hardwareChecksums: true });
const results = await runVectors(engine, cases);
const count = (result: string) => results.filter((each) => each.result === result).length;
const summary = {
  kernel: release(),
  arch: process.arch,
  passed: count('passed'),
  failed: count('failed'),
  skipped: count('skipped'),
  failures: results.filter(({ result }) => result === 'failed'),
};
if (values.json) {
  console.log(JSON.stringify(summary));
} else {
  for (const { place, name, why } of summary.failures) console.log(`${place}: ${name}\n${why}\n`);
  console.log(`${summary.passed} passed, ${summary.failed} failed, ${summary.skipped} skipped`);
}
process.exitCode = summary.failed > 0 ? 1 : 0;
