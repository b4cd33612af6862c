import { BpfError } from './bpf-error.ts';
import { native } from './native.ts';

/** `IF_NAMESIZE` */
const NAME_BYTES = 16;

/** Name of an interface of this network namespace. @throws {BpfError} `not_found` */
export function interfaceName(ifindex: number): string {
  const name = Buffer.alloc(NAME_BYTES);
  if (native().ifIndexToName(ifindex, name) === null) {
    throw new BpfError('not_found', `there is no interface with index ${ifindex}`);
  }
  return name.toString('utf8', 0, name.indexOf(0));
}
