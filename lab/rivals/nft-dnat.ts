import type { Host } from '../host/index.ts';
import type { Rival, RivalSpec } from './rival.ts';

/** Sets up nftables DNAT (TCP and UDP, random target by weight) on the balancer host. */
export async function startNftDnat(host: Host, spec: RivalSpec): Promise<Rival> {
  const table = `rival${spec.listen.port}`;
  await host.run(['nft', '-f', '-'], { input: ruleset(table, spec) });
  const close = async () => {
    // A namespace that is gone took the table with it.
    await host.exec(['nft', 'delete', 'table', 'inet', table]);
  };
  return { name: 'nft-dnat', close, [Symbol.asyncDispose]: close };
}

function ruleset(table: string, spec: RivalSpec): string {
  const family = spec.listen.address.includes(':') ? 'ip6' : 'ip';
  const total = spec.targets.reduce((sum, target) => sum + (target.weight ?? 1), 0);
  let from = 0;
  const shares = spec.targets.map((target) => {
    const first = from;
    from += target.weight ?? 1;
    return `${first}-${from - 1} : ${target.address} . ${target.port}`;
  });
  const { address, port } = spec.listen;
  return `table inet ${table} {
  chain prerouting {
    type nat hook prerouting priority dstnat;
    ${family} daddr ${address} meta l4proto { tcp, udp } th dport ${port} dnat ${family} addr . port to numgen random mod ${total} map { ${shares.join(', ')} }
  }
}
`;
}
