import { type Field, fieldsOf, fieldText, setField } from '../engines/frame/index.ts';

/** Bytes of a frame, from one offset up to another. */
type Run = readonly [from: number, to: number];

/** A checksum field and what it covers of what a rewrite may change. */
interface Covered {
  readonly field: Field;
  readonly runs: readonly Run[];
}

type Named = ReadonlyMap<string, Field>;

/**
 * Mends every checksum of `after` for what differs from `before`, a frame of the same layout: right ones become right,
 * wrong ones stay wrong by as much. Sums everything that is covered anew (RFC 1071), unlike the data path.
 * @param partial the transport checksum holds the pseudo-header's sum only
 * @param except names of fields to leave alone
 */
export function carryChecksums(
  before: Buffer,
  after: Buffer,
  { partial, except }: { readonly partial: boolean; readonly except: ReadonlySet<string> },
): void {
  // Inner ones first: an ICMP checksum covers those of the quoted packet.
  for (const prefix of ['quoted.', '']) {
    const fields = named(after, prefix);
    for (const covered of [...headerSum(fields), ...transportSum(fields, prefix, partial)]) {
      if (!except.has(covered.field.name)) mend(before, after, covered, partial);
    }
  }
}

function mend(before: Buffer, after: Buffer, { field, runs }: Covered, partial: boolean): void {
  const old = Number(fieldText(before, field));
  const isUdp = field.name.endsWith('udp.checksum');
  // RFC 768: zero says that there is none.
  if (isUdp && old === 0) return;
  const change = sumOf(after, runs, field) - sumOf(before, runs, field);
  if (partial && !field.name.endsWith('ip.checksum')) {
    setField(after, field, onesComplement(old + change));
    return;
  }
  const value = 0xffff - onesComplement(0xffff - old + change);
  setField(after, field, isUdp && value === 0 ? 0xffff : value);
}

/** A sum in 16 bits. Of the two zeros it is the one of all ones, as in every sum of bytes that are not all zero. */
function onesComplement(sum: number): number {
  return ((sum % 0xffff) + 0xffff) % 0xffff || 0xffff;
}

/** The sum of the runs, which begin at even distances, with the checksum field itself as zero. */
function sumOf(frame: Buffer, runs: readonly Run[], field: Field): number {
  const own = startOf(field);
  let sum = 0;
  for (const [from, to] of runs) {
    for (let at = from; at < to; at++) {
      if (at === own || at === own + 1) continue;
      const byte = frame[at] ?? 0;
      sum += (at - from) % 2 === 0 ? byte << 8 : byte;
    }
  }
  return sum;
}

function headerSum(fields: Named): readonly Covered[] {
  const field = fields.get('ip.checksum');
  const version = fields.get('ip.version');
  const last = fields.get('ip.options') ?? fields.get('ip.destination');
  return field && version && last ? [{ field, runs: [[startOf(version), endOf(last)]] }] : [];
}

function transportSum(fields: Named, prefix: string, partial: boolean): readonly Covered[] {
  const source = fields.get('ip.source');
  const destination = fields.get('ip.destination');
  // A quoted TCP checksum lies beyond what must be quoted: the data path leaves it alone.
  const kind = (prefix === '' ? ['tcp', 'udp', 'icmp'] : ['udp']).find((each) =>
    fields.has(`${each}.checksum`),
  );
  const field = fields.get(`${kind}.checksum`);
  const first = fields.get(kind === 'icmp' ? 'icmp.type' : `${kind}.sourcePort`);
  if (!source || !destination || !field || !first) return [];
  const covered = [...fields.values()].filter(({ name }) => !name.endsWith('padding'));
  const end = Math.max(...covered.map(endOf));
  const pseudo: readonly Run[] =
    kind === 'icmp' && source.bits === 32 ? [] : [[startOf(source), endOf(destination)]];
  return [{ field, runs: partial ? pseudo : [...pseudo, [startOf(first), end]] }];
}

/** The fields of a packet, or of the packet that it quotes (`quoted.`), which are part of the outer one too. */
function named(frame: Buffer, prefix: string): Named {
  const own = fieldsOf(frame).filter(({ name }) => name.startsWith(prefix));
  return new Map(own.map((field) => [field.name.slice(prefix.length), field]));
}

function startOf({ bit }: Field): number {
  return Math.floor(bit / 8);
}

function endOf({ bit, bits }: Field): number {
  return Math.ceil((bit + bits) / 8);
}
