import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { generateAbi } from './generate.ts';

const OBJECT = 'dist/bpf/sluice.bpf.o';
const OUTPUT = 'src/datapath/generated/abi.ts';

/** Writes the layouts, or with `--check` compares them to the committed ones. Returns the exit status. */
function main(args: readonly string[]): number {
  const [option] = args;
  if (args.length > 1 || (option !== undefined && option !== '--check')) {
    console.error('usage: scripts/generate [--check]');
    return 64;
  }
  const generated = generateAbi(OBJECT);
  if (option === '--check') return checkFresh(generated);
  if (existsSync(OUTPUT) && readFileSync(OUTPUT, 'utf8') === generated) return 0;
  mkdirSync(dirname(OUTPUT), { recursive: true });
  writeFileSync(OUTPUT, generated);
  console.log(`generate: ${OUTPUT}`);
  return 0;
}

function checkFresh(generated: string): number {
  const diff = spawnSync('diff', ['-u', '--label', OUTPUT, '--label', 'generated from bpf/', OUTPUT, '-'], {
    input: generated,
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  if (diff.status === 0) return 0;
  console.error(
    `generate: ${OUTPUT} is not what bpf/ gives\n  fix: run scripts/generate and commit the file`,
  );
  return 1;
}

process.exitCode = main(process.argv.slice(2));
