import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

/** What a process holds. */
export interface ProcessFigures {
  readonly pid: number;
  readonly rssBytes: number;
  /** Live heap after a collection; undefined until the probe in the process has written it. */
  readonly heapBytes: number | undefined;
  /** The least of a few looks: pipes of a child process come and go. */
  readonly descriptors: number;
}

const LOOKS = 4;
const BETWEEN_LOOKS_MS = 50;

const reading = z.object({ pid: z.number(), heapBytes: z.number() });

/** Looks at a process from outside. @throws Error when it is gone */
export async function processFigures(pid: number, heapFile: string): Promise<ProcessFigures> {
  const [status, descriptors, heap] = await Promise.all([
    readFile(`/proc/${pid}/status`, 'latin1'),
    leastDescriptors(pid),
    readFile(heapFile, 'utf8').catch(() => '{}'),
  ]);
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  const { data } = reading.safeParse(JSON.parse(heap));
  return {
    pid,
    rssBytes: Number(kilobytes) * 1024,
    heapBytes: data?.pid === pid ? data.heapBytes : undefined,
    descriptors,
  };
}

async function leastDescriptors(pid: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let look = 1; ; look++) {
    const descriptors = await readdir(`/proc/${pid}/fd`);
    least = Math.min(least, descriptors.length);
    if (look === LOOKS) return least;
    await sleep(BETWEEN_LOOKS_MS);
  }
}
