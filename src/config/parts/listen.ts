import { type Family, parseUnicastAddress } from '../address.ts';
import type { ListenConfig, Protocol } from '../model.ts';
import type { Report } from '../report/report.ts';
import { type ListenInput, listenSchema } from '../schema/proxy.ts';
import type { Path } from '../source/tree.ts';

/** Reads the `listen` of a proxy; undefined when the schema refuses it. */
export function readListen(raw: unknown, path: Path, report: Report): ListenConfig | undefined {
  const parsed = listenSchema.safeParse(raw);
  if (!parsed.success) return undefined;
  const { interfaces, address, port, protocol } = parsed.data;
  if (interfaces === undefined && address === undefined) {
    report.problem(path, 'names neither `interfaces` nor `address`, expected at least one of them');
    return undefined;
  }
  return {
    interfaces: unique(listOf(interfaces)),
    addresses: unique(listOf(address).map(canonicalAddress)),
    port,
    protocols: protocolsOf(protocol),
  };
}

/** The families of the addresses that are listened on; none when interfaces decide. */
export function familiesOf(listen: ListenConfig): ReadonlySet<Family> {
  return new Set(listen.addresses.map((address) => (address.includes(':') ? 6 : 4)));
}

function protocolsOf(protocol: ListenInput['protocol']): readonly Protocol[] {
  const all: readonly Protocol[] = ['tcp', 'udp'];
  return all.filter((one) => protocol === 'both' || listOf(protocol).includes(one));
}

function canonicalAddress(text: string): string {
  const address = parseUnicastAddress(text);
  return 'problem' in address ? text : address.text;
}

function listOf<Item>(value: Item | readonly Item[] | undefined): readonly Item[] {
  if (value === undefined) return [];
  return isList(value) ? value : [value];
}

function isList<Item>(value: Item | readonly Item[]): value is readonly Item[] {
  return Array.isArray(value);
}

function unique<Item>(items: readonly Item[]): readonly Item[] {
  return [...new Set(items)];
}
