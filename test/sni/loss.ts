import type { Host } from '../../lab/index.ts';

/** What a host has counted about TCP (/proc/net/netstat, TcpExt), by name. */
export async function tcpCounters(host: Host): Promise<ReadonlyMap<string, number>> {
  const lines = (await host.run(['cat', '/proc/net/netstat'])).split('\n');
  const [names = [], values = []] = lines
    .filter((line) => line.startsWith('TcpExt:'))
    .map((line) => line.split(' ').slice(1));
  return new Map(names.map((name, index) => [name, Number(values[index])]));
}

/** Drops so many percent of the segments from and to a TCP port that come in on `eth0` of hosts. @returns what undoes it */
export async function lose(
  hosts: readonly Host[],
  port: number,
  percent: number,
): Promise<() => Promise<void>> {
  const rule = (where: string) =>
    `add rule netdev loss in tcp ${where} ${port} numgen random mod 1000 < ${percent * 10} drop`;
  const table =
    'add table netdev loss; add chain netdev loss in { type filter hook ingress device eth0 priority 0; }';
  await Promise.all(hosts.map((host) => host.run(['nft', [table, rule('dport'), rule('sport')].join('; ')])));
  return async () => {
    await Promise.all(hosts.map((host) => host.run(['nft', 'delete table netdev loss'])));
  };
}

/** Gives sockets of a host that open from now on at most so many bytes to receive into. @returns what undoes it */
export async function limitWindows(host: Host, bytes: number): Promise<() => Promise<void>> {
  const name = 'net.ipv4.tcp_rmem';
  const before = (await host.run(['sysctl', '-n', name])).trim();
  const set = (value: string) => host.run(['sysctl', '-q', '-w', `${name}=${value}`]);
  await set(`4096 ${bytes} ${bytes}`);
  return async () => {
    await set(before);
  };
}
