import { basename } from 'node:path';
import { z } from 'zod';
import { type HostIo, systemIo } from './io.ts';
import { ipJson } from './ip.ts';
import type { AttachedXdp, HostAddress, HostInterface, LinkedDevice } from './model.ts';

const addressRow = z.object({
  family: z.string().optional(),
  local: z.string().optional(),
  prefixlen: z.number().optional(),
  scope: z.string().optional(),
});

const linkRow = z.object({
  // Absent from the empty objects that `ip` prints for rows it filtered out.
  ifindex: z.number().optional(),
  ifname: z.string().optional(),
  flags: z.array(z.string()).default([]),
  mtu: z.number().default(0),
  link_type: z.string().optional(),
  address: z.string().optional(),
  master: z.string().optional(),
  link: z.string().nullish(),
  link_index: z.number().optional(),
  link_netnsid: z.number().optional(),
  linkinfo: z.object({ info_kind: z.string().optional() }).optional(),
  parentbus: z.string().optional(),
  parentdev: z.string().optional(),
  xdp: z.object({ mode: z.number(), prog: z.object({ id: z.number() }).optional() }).optional(),
  addr_info: z.array(addressRow).default([]),
});

type LinkRow = z.infer<typeof linkRow>;

/** XDP_ATTACHED_* of linux/if_link.h. */
const XDP_MODES: Readonly<Record<number, AttachedXdp['mode']>> = {
  1: 'native',
  2: 'generic',
  3: 'offload',
  4: 'multiple',
};

/**
 * Reads every interface of this network namespace, in order of index.
 * @throws SluiceError `unsupported` without iproute2, `kernel` when `ip` fails.
 */
export async function readInterfaces(io: HostIo = systemIo): Promise<HostInterface[]> {
  const rows = await ipJson(io, ['-d', 'addr', 'show'], linkRow);
  const interfaces = await Promise.all(rows.map((row) => toInterface(io, row, rows)));
  return interfaces.filter((entry) => entry !== null).sort((a, b) => a.index - b.index);
}

async function toInterface(
  io: HostIo,
  row: LinkRow,
  rows: readonly LinkRow[],
): Promise<HostInterface | null> {
  const { ifindex: index, ifname: name } = row;
  if (index === undefined || name === undefined) return null;
  const kind = row.link_type === 'loopback' ? 'loopback' : (row.linkinfo?.info_kind ?? null);
  return {
    index,
    name,
    kind,
    driver: kind === null ? await readDriver(io, name, row) : null,
    mac: row.address ?? null,
    mtu: row.mtu,
    up: row.flags.includes('UP'),
    running: row.flags.includes('LOWER_UP'),
    master: row.master ?? null,
    link: toLinkedDevice(row, rows),
    addresses: row.addr_info.flatMap(toAddress),
    xdp: toXdp(row),
  };
}

/**
 * The bus path comes first because /sys/class/net shows the namespace in which /sys was mounted,
 * which need not be the one that this process is in.
 */
async function readDriver(io: HostIo, name: string, row: LinkRow): Promise<string | null> {
  const onBus =
    row.parentbus !== undefined && row.parentdev !== undefined
      ? await io.readLink(`/sys/bus/${row.parentbus}/devices/${row.parentdev}/driver`)
      : null;
  const link = onBus ?? (await io.readLink(`/sys/class/net/${name}/device/driver`));
  return link === null ? null : basename(link);
}

/** `ip` gives the index of a device in another namespace, and the name of one in this namespace. */
function toLinkedDevice(row: LinkRow, rows: readonly LinkRow[]): LinkedDevice | null {
  const index = row.link_index ?? rows.find((other) => other.ifname === row.link)?.ifindex;
  return index === undefined ? null : { index, otherNamespace: row.link_netnsid !== undefined };
}

function toAddress(row: z.infer<typeof addressRow>): HostAddress[] {
  if (row.local === undefined || row.prefixlen === undefined) return [];
  if (row.family !== 'inet' && row.family !== 'inet6') return [];
  const scope = row.scope === 'link' || row.scope === 'host' ? row.scope : 'global';
  const family = row.family === 'inet' ? 4 : 6;
  return [{ address: row.local, family, prefixLength: row.prefixlen, scope }];
}

function toXdp(row: LinkRow): AttachedXdp | null {
  const mode = XDP_MODES[row.xdp?.mode ?? 0];
  return mode === undefined ? null : { mode, programId: row.xdp?.prog?.id ?? null };
}
