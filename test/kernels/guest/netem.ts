import { z } from 'zod';
import { curl, type Host, httpUrl, type LabFile, makeFile } from '../../../lab/index.ts';
import { FAMILIES, type Family } from '../../support/proxies.ts';
import { expectEqual, expectThat } from './expect.ts';
import { type GuestScene, PORTS } from './scene.ts';

const FILE_BYTES = 10 * 1024 * 1024;
const TRANSFER_TIMEOUT_MS = 180_000;

/** What the network does to packets on their way to the balancer, both ways. Jitter reorders, too. */
const TROUBLE = ['delay', '4ms', '3ms', 'reorder', '5%', 'duplicate', '2%', 'loss', '1%', 'limit', '20000'];

/** 10 MB up and down, in both families, through a network in trouble. */
export async function checkTransfers(scene: GuestScene): Promise<string> {
  const { lab, client, nginx } = scene;
  const file = await makeFile(lab.target(), 'big', FILE_BYTES);
  const hosts = [client, lab.target()];
  const resets = await Promise.all(hosts.map(connectionsReset));
  for (const host of hosts)
    await host.run(['tc', 'qdisc', 'add', 'dev', deviceOf(host), 'root', 'netem', ...TROUBLE]);
  try {
    await Promise.all(
      FAMILIES.flatMap((family) => [download(scene, family, file), upload(scene, family, file)]),
    );
    for (const family of FAMILIES)
      expectEqual(`uploaded ${family}`, await nginx.uploadSha256(family), file.sha256);
    const dropped = await Promise.all(hosts.map(droppedByNetem));
    expectThat(
      dropped.every((count) => count > 0),
      `netem dropped nothing: ${dropped}`,
    );
    expectEqual('connections reset', await Promise.all(hosts.map(connectionsReset)), resets);
    return `4 x ${FILE_BYTES / 1024 / 1024} MiB, ${dropped.join(' + ')} packets lost`;
  } finally {
    for (const host of hosts) await host.run(['tc', 'qdisc', 'del', 'dev', deviceOf(host), 'root']);
  }
}

async function download({ lab, client }: GuestScene, family: Family, file: LabFile): Promise<void> {
  const url = httpUrl(lab.balancer[family], PORTS.one, '/files/big');
  const script = `curl --silent --show-error --globoff --fail '${url}' | sha256sum`;
  const stdout = await client.run(['sh', '-c', script], { timeoutMs: TRANSFER_TIMEOUT_MS });
  expectEqual(`downloaded ${family}`, stdout.split(' ')[0], file.sha256);
}

async function upload({ lab, client }: GuestScene, family: Family, file: LabFile): Promise<void> {
  const url = httpUrl(lab.balancer[family], PORTS.one, `/upload/${family}`);
  const flags = ['--fail', '--max-time', String(TRANSFER_TIMEOUT_MS / 1000), '--upload-file', file.path];
  const { code, stderr } = await curl(client, [...flags, url], { timeoutMs: TRANSFER_TIMEOUT_MS });
  expectEqual(`upload ${family}`, { code, stderr }, { code: 0, stderr: '' });
}

const qdiscs = z.array(z.object({ kind: z.string(), drops: z.number() }));

async function droppedByNetem(host: Host): Promise<number> {
  const shown = await host.run(['tc', '-s', '-j', 'qdisc', 'show', 'dev', deviceOf(host)]);
  const found = qdiscs.parse(JSON.parse(shown)).find(({ kind }) => kind === 'netem');
  if (found === undefined) throw new Error(`${host.name} has no netem`);
  return found.drops;
}

/** Established connections of a host that ended by a reset. Late duplicates may well be answered by one after the end. */
async function connectionsReset(host: Host): Promise<number> {
  const lines = (await host.run(['cat', '/proc/net/snmp']))
    .split('\n')
    .filter((line) => line.startsWith('Tcp:'));
  const [names = [], values = []] = lines.map((line) => line.split(' '));
  const value = Number(values[names.indexOf('EstabResets')]);
  if (!Number.isInteger(value)) throw new Error(`no EstabResets in ${lines.join('\n')}`);
  return value;
}

function deviceOf(host: Host): string {
  const [first] = host.interfaces;
  if (first === undefined) throw new Error(`${host.name} has no interface`);
  return first.name;
}
