/**
 * Loaded into the daemon (`node --import`): collects garbage and writes the size of the heap to a file, now and then.
 * The daemon is otherwise what users run.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What the file holds, as JSON. */
export interface HeapReading {
  readonly pid: number;
  readonly heapBytes: number;
}

const file = process.env.SOAK_HEAP_FILE;
const everyMs = Number(process.env.SOAK_HEAP_EVERY_MS);
if (file !== undefined && everyMs > 0) {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  setInterval(() => {
    if (typeof collect === 'function') collect();
    const reading: HeapReading = { pid: process.pid, heapBytes: process.memoryUsage().heapUsed };
    writeFileSync(`${file}.new`, JSON.stringify(reading));
    renameSync(`${file}.new`, file);
  }, everyMs).unref();
}
