import { readdir, readFile } from 'node:fs/promises';
import { z } from 'zod';

/** What a process holds. */
export interface ProcessFigures {
  readonly pid: number;
  readonly rssBytes: number;
  /** Live heap after a collection; undefined until the probe in the process has written it. */
  readonly heapBytes: number | undefined;
  readonly descriptors: number;
}

const reading = z.object({ pid: z.number(), heapBytes: z.number() });

/** Looks at a process from outside. @throws Error when it is gone */
export async function processFigures(pid: number, heapFile: string): Promise<ProcessFigures> {
  const [status, descriptors, heap] = await Promise.all([
    readFile(`/proc/${pid}/status`, 'latin1'),
    readdir(`/proc/${pid}/fd`),
    readFile(heapFile, 'utf8').catch(() => '{}'),
  ]);
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  const { data } = reading.safeParse(JSON.parse(heap));
  return {
    pid,
    rssBytes: Number(kilobytes) * 1024,
    heapBytes: data?.pid === pid ? data.heapBytes : undefined,
    descriptors: descriptors.length,
  };
}
