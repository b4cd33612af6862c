import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { exec, run } from '../host/index.ts';

/** Where Sluice pins its objects. */
export const PIN_DIRECTORY = '/sys/fs/bpf/sluice';

/** A program, map or link of the kernel. */
export interface BpfObject {
  readonly id: number;
  /** A readable name: id, type and name. */
  readonly title: string;
  /** Where it is pinned. */
  readonly pinned: readonly string[];
  /** Of a link. */
  readonly programId: number | undefined;
  /** Of a program. */
  readonly mapIds: readonly number[];
}

/** Everything of BPF that the kernel has. */
export interface BpfObjects {
  readonly programs: readonly BpfObject[];
  readonly maps: readonly BpfObject[];
  readonly links: readonly BpfObject[];
}

/** Lists break off when an object goes just then. */
const TRIES = 10;
const PAUSE_MS = 20;

/** A type that bpftool is too old to name is a number. */
const type = z.union([z.string(), z.number()]);
const listed = z.array(
  z.object({
    id: z.number(),
    type,
    name: z.string().optional(),
    pinned: z.array(z.string()).optional(),
    prog_id: z.number().optional(),
    map_ids: z.array(z.number()).optional(),
  }),
);

/** Lists what the kernel has. @throws SluiceError `kernel` when bpftool fails */
export async function listBpfObjects(): Promise<BpfObjects> {
  const [programs, maps, links] = await Promise.all([list('prog'), list('map'), list('link')]);
  return { programs, maps, links };
}

async function list(kind: 'prog' | 'map' | 'link'): Promise<readonly BpfObject[]> {
  const stdout = await patiently(['bpftool', '--json', '--bpffs', kind, 'list']);
  return listed.parse(JSON.parse(stdout || '[]')).map((each) => ({
    id: each.id,
    title: `${each.id} ${each.type} ${each.name ?? ''}`.trim(),
    pinned: each.pinned ?? [],
    programId: each.prog_id,
    mapIds: each.map_ids ?? [],
  }));
}

async function patiently(argv: readonly string[]): Promise<string> {
  for (let tries = 1; tries < TRIES; tries++) {
    const { code, stdout } = await exec(argv);
    if (code === 0) return stdout;
    await sleep(PAUSE_MS);
  }
  return run(argv);
}
