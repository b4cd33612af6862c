import { readdir, readFile } from 'node:fs/promises';
import type { Stage } from './stage.ts';

/** What an instance has in the kernel. */
export interface KernelFigures {
  /** Programs, maps and links that the daemon holds open. */
  readonly open: Readonly<Record<'programs' | 'maps' | 'links', number>>;
  /** Files below its folder in bpffs. */
  readonly pins: number;
  /** Memory of the maps that the daemon holds open. */
  readonly mapBytes: number;
}

/** Counts what a stage's balancer has in the kernel. @throws Error when its daemon is gone */
export async function kernelFigures(stage: Stage): Promise<KernelFigures> {
  const [objects, pins] = await Promise.all([
    openObjects(stage.daemon.pid),
    readdir(stage.daemon.pins, { recursive: true }),
  ]);
  const count = (kind: string) =>
    new Set(objects.filter((each) => each.kind === kind).map(({ id }) => id)).size;
  const memory = new Map(objects.filter(({ kind }) => kind === 'map').map(({ id, bytes }) => [id, bytes]));
  return {
    open: { programs: count('prog'), maps: count('map'), links: count('link') },
    pins: pins.length,
    mapBytes: [...memory.values()].reduce((sum, bytes) => sum + bytes, 0),
  };
}

interface OpenObject {
  readonly kind: string;
  readonly id: number;
  readonly bytes: number;
}

/** The kernel tells of a descriptor that is a BPF object which one it is, and what it takes. */
async function openObjects(pid: number): Promise<readonly OpenObject[]> {
  const folder = `/proc/${pid}/fdinfo`;
  const texts = await Promise.all(
    // A descriptor may be closed between the listing and the look.
    (await readdir(folder)).map((fd) => readFile(`${folder}/${fd}`, 'latin1').catch(() => '')),
  );
  return texts.flatMap((text) => {
    // A link names itself first, then its program.
    const [, kind, id] = /^(prog|map|link)_id:\s+(\d+)$/m.exec(text) ?? [];
    const bytes = Number(/^memlock:\s+(\d+)$/m.exec(text)?.[1] ?? 0);
    return kind === undefined ? [] : [{ kind, id: Number(id), bytes }];
  });
}
