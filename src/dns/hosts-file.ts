import { isIP } from 'node:net';

/** Addresses that a hosts file gives a name (hosts(5)); none when it does not have it. */
export function addressesInHosts(text: string, name: string): readonly string[] {
  const wanted = name.toLowerCase();
  return text.split('\n').flatMap((line) => {
    const [address, ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    const matches = names.some((each) => each.toLowerCase() === wanted);
    return address !== undefined && isIP(address) !== 0 && matches ? [address] : [];
  });
}
