import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const FUZZ = fileURLToPath(new URL('../fuzz', import.meta.url));

const run = promisify(execFile);

/**
 * Builds fuzz targets over the data path in `bpf/` of a folder and runs their corpora.
 * @returns what the first of them says that finds something
 * @throws Error if they do not compile
 */
export async function failingInput(folder: string, targets: readonly string[]): Promise<string | undefined> {
  await run(join(FUZZ, 'build'), ['--quick', '--source', join(folder, 'bpf'), '--out', folder, ...targets]);
  for (const target of targets) {
    const args = ['-runs=0', `-artifact_prefix=${folder}/`, join(FUZZ, 'corpus', target)];
    const said = await run(join(folder, target), args).then(
      () => undefined,
      (error: unknown) => `${target}: ${findingOf(String(error))}`,
    );
    if (said !== undefined) return said;
  }
  return undefined;
}

function findingOf(report: string): string {
  const lines = report.split('\n');
  return lines.find((line) => /FUZZ:|ERROR:|runtime error/.test(line)) ?? lines[0] ?? '';
}
