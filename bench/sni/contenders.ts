import { join } from 'node:path';
// As for the rest of the bench: an instance of its own that leaves nothing behind.
import { DemoBalancer } from '../../lab/demo/balancer.ts';
import {
  Lab,
  makeFile,
  type RivalSpec,
  run,
  startHaproxy,
  startNginx,
  startNginxStream,
} from '../../lab/index.ts';
import { sluiceCommand } from '../paths.ts';

/** Who routes by name, in the order of the table; `plain` has no balancer at all, `sluice-nat` no names. */
export const NAME_CONTENDERS = [
  'plain',
  'haproxy',
  'nginx',
  'sluice-nat',
  'sluice-tc',
  'sluice-native',
] as const;
/** One of them. */
export type NameContenderName = (typeof NAME_CONTENDERS)[number];

/** The name that all connections ask for. */
export const NAME = 'a.example';
export const TLS_PORT = 443;
/** What is downloaded, bytes. */
export const FILE_BYTES = 256_000_000;

/** One way to the target of {@link NAME}, ready for traffic, in a lab of its own. */
export interface NameContender extends AsyncDisposable {
  readonly name: NameContenderName;
  readonly lab: Lab;
  /** Where clients send. */
  readonly address: string;
  /** PEM of who has signed the target's certificate: it itself. */
  readonly authorityFile: string;
}

/**
 * Builds the lab of a contender and starts it; all are alike. The name leads to the first target, all else to the second.
 * @throws SluiceError when something does not start; nothing is left behind then
 */
export async function startNameContender(
  name: NameContenderName,
  signal: AbortSignal,
): Promise<NameContender> {
  const lab = await Lab.create(
    { clients: 1, targets: 2, offloads: 'off', staticNeighbours: true },
    { signal },
  );
  try {
    for (const device of ['front0', 'back0']) await lab.balancer.run(['ethtool', '-K', device, 'gro', 'on']);
    const tls = await certificate(lab);
    await Promise.all(lab.targets.map((target) => startNginx(target, { port: TLS_PORT, tls })));
    await makeFile(lab.target(), 'file', FILE_BYTES);
    const balancer = await startBalancer(name, lab, signal);
    const close = async () => {
      try {
        await balancer?.[Symbol.asyncDispose]();
      } finally {
        await lab.close();
      }
    };
    const address = name === 'plain' ? lab.target().v4 : lab.vip4;
    return { name, lab, address, authorityFile: tls.certificate, [Symbol.asyncDispose]: close };
  } catch (error) {
    await lab.close();
    throw error;
  }
}

async function certificate(lab: Lab): Promise<{ readonly certificate: string; readonly key: string }> {
  const [pem, key] = [join(lab.directory, 'tls.pem'), join(lab.directory, 'tls.key')];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1'];
  const subject = ['-subj', `/CN=${NAME}`, '-addext', `subjectAltName=DNS:${NAME}`];
  await run(['openssl', 'req', '-x509', ...kind, ...subject, '-keyout', key, '-out', pem]);
  return { certificate: pem, key };
}

async function startBalancer(
  name: NameContenderName,
  lab: Lab,
  signal: AbortSignal,
): Promise<AsyncDisposable | undefined> {
  const [named, other] = lab.targets.map(({ v4 }) => ({ address: v4, port: TLS_PORT }));
  if (!named || !other) throw new Error('the lab has too few targets');
  const listen = { address: lab.vip4, port: TLS_PORT };
  const spec: RivalSpec = { listen, targets: [other], names: { [NAME]: named } };
  switch (name) {
    case 'plain':
      return undefined;
    case 'haproxy':
      return startHaproxy(lab.balancer, spec);
    case 'nginx':
      return startNginxStream(lab.balancer, spec);
    case 'sluice-nat':
    case 'sluice-tc':
    case 'sluice-native': {
      const namedTarget = { ip: named.address, port: named.port };
      const byName = {
        defaultTarget: { ip: other.address, port: other.port },
        sniRoutes: [{ sniHostname: NAME, target: namedTarget }],
      };
      const config = {
        proxies: [
          {
            name: 'tls',
            listen: { interfaces: ['front0'], protocol: 'tcp', ...listen },
            ...(name === 'sluice-nat' ? { defaultTarget: namedTarget } : byName),
          },
        ],
        settings: { attach: name === 'sluice-native' ? 'native' : 'tc', maxConnections: 500_000 },
      };
      return DemoBalancer.start(lab, [sluiceCommand()], JSON.stringify(config), signal);
    }
  }
}
