import { z } from 'zod';
import { type HostIo, systemIo } from './io.ts';
import { ipJson } from './ip.ts';
import type { Neighbour } from './model.ts';

const neighbourRow = z.object({
  dst: z.string(),
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
  const row = rows[0];
  if (row === undefined) return null;
  return { address: row.dst, dev, mac: row.lladdr ?? null, state: row.state[0] ?? 'NONE' };
}
