import { z } from 'zod';
import { type HostIo, systemIo } from './io.ts';
import { ipJson } from './ip.ts';
import type { Neighbour } from './model.ts';

const neighbourRow = z.object({
  dst: z.string(),
  dev: z.string().optional(),
  lladdr: z.string().optional(),
  state: z.array(z.string()).default([]),
});

/**
 * Reads what the kernel knows of a neighbour on the link of `dev`; null when it never asked for it.
 * @throws SluiceError `kernel` when `ip` fails, e.g. because `dev` does not exist.
 */
export async function neighbour(
  address: string,
  dev: string,
  io: HostIo = systemIo,
): Promise<Neighbour | null> {
  const rows = await ipJson(io, ['neigh', 'show', 'to', address, 'dev', dev], neighbourRow);
  return rows[0] === undefined ? null : toNeighbour(rows[0], dev);
}

/**
 * Reads the whole neighbour table, both families.
 * @throws SluiceError `kernel` when `ip` fails.
 */
export async function readNeighbours(io: HostIo = systemIo): Promise<Neighbour[]> {
  const rows = await ipJson(io, ['neigh', 'show'], neighbourRow);
  return rows.map((row) => toNeighbour(row, row.dev ?? ''));
}

function toNeighbour(row: z.infer<typeof neighbourRow>, dev: string): Neighbour {
  return { address: row.dst, dev, mac: row.lladdr ?? null, state: row.state[0] ?? 'NONE' };
}
