/** IP options, extension headers and fragment fields. */
import { type IpFields, PROTOCOL } from '../../../lab/index.ts';
import type { Tuple } from '../../engines/index.ts';
import type { Oddity } from './packet-choice.ts';

/** Options, extension headers and fragment fields that the oddities ask for. */
export function headerFields(
  tuple: Pick<Tuple, 'source'>,
  odd: readonly Oddity[],
  protocol: number,
): Partial<IpFields> {
  const options = odd.find(({ kind }) => kind === 'options');
  const fragment = odd.find(({ kind }) => kind === 'fragment');
  const fragmentable = odd.find(({ kind }) => kind === 'fragmentable');
  const headers = options?.kind === 'options' ? options.headers : [];
  const cut = fragment?.kind === 'fragment' ? fragment : undefined;
  if (tuple.source.includes(':')) return extensionChain(headers, cut, protocol);
  return {
    options: Buffer.alloc(headers.length * 8, 1),
    ...(cut ? { id: cut.id, fragmentOffset: cut.offset, moreFragments: cut.more } : {}),
    dontFragment: !cut && fragmentable?.kind !== 'fragmentable',
  };
}

/** IPv6 extension headers in the order of the choice, a fragment header in front of the last one. */
function extensionChain(
  headers: readonly number[],
  cut: { readonly offset: number; readonly more: boolean; readonly id: number } | undefined,
  protocol: number,
): Partial<IpFields> {
  const place = Math.max(0, headers.length - 1);
  const numbers = cut ? [...headers.slice(0, place), PROTOCOL.fragment, ...headers.slice(place)] : headers;
  const parts = numbers.map((number, index) => {
    const part = Buffer.from([numbers[index + 1] ?? protocol, 0, 0, 0, 0, 0, 0, 0]);
    if (number !== PROTOCOL.fragment || !cut) return part;
    part.writeUInt16BE(cut.offset | (cut.more ? 1 : 0), 2);
    part.writeUInt32BE(cut.id, 4);
    return part;
  });
  return { options: Buffer.concat(parts), firstHeader: numbers[0] ?? protocol };
}
