/**
 * Measures what a record of the access log costs the daemon: `npm run bench:access-log [-- RECORDS]`. Ends of flows as the kernel writes
 * them are decoded, named, formatted and written to a file, as the daemon does it; all but the reading of the ring. Formats take
 * turns; what is said is the median over the rounds.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordFormat } from '../../src/access-log/index.ts';
import { runTool, systemCliIo } from '../../src/cli/index.ts';
import { alternate } from '../rounds.ts';
import { median } from '../statistics.ts';
import { command, type RecordWishes } from './command.ts';
import { endedFlows } from './ended-flows.ts';
import { measureRecords } from './measure.ts';

const ROUNDS = 15;
const FORMATS: readonly RecordFormat[] = ['json', 'clf', 'tcplog'];
const NS_PER_US = 1000;

async function measure({ records }: RecordWishes, signal: AbortSignal): Promise<number> {
  const flows = endedFlows(records);
  const directory = await mkdtemp(join(tmpdir(), 'sluice-bench-log-'));
  try {
    const samples = await alternate(
      FORMATS,
      ROUNDS + 1,
      (format) => {
        signal.throwIfAborted();
        return measureRecords(flows, { format, path: join(directory, `${format}.log`) });
      },
      () => {},
    );
    FORMATS.forEach((format, index) => {
      const ns = median((samples[index] ?? []).slice(1).map((sample) => sample.nsPerRecord));
      process.stdout.write(
        `${format}: ${(ns / NS_PER_US).toFixed(2)} us of CPU a record, ${Math.round(1e9 / ns)} records for each second of CPU\n`,
      );
    });
    return 0;
  } finally {
    await rm(directory, { recursive: true });
  }
}

process.exitCode = await runTool(process.argv.slice(2), systemCliIo(), command(), measure);
