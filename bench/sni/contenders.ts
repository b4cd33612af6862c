import { join } from 'node:path';
import {
  type Lab,
  makeFile,
  type Rival,
  type RivalSpec,
  run,
  startHaproxy,
  startNginx,
  startNginxStream,
} from '../../lab/index.ts';
import type { AnyContender } from '../contenders/contender.ts';
import { DISCARD_PORT, Sluice } from '../contenders/sluice.ts';
import { startContender } from '../contenders/start.ts';

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
/** One way to the target of {@link NAME}, ready for traffic, in a lab of its own. */
export type NameContender = AnyContender<NameContenderName>;

/** The name that all connections ask for. */
export const NAME = 'a.example';
/** Behind it is TLS. */
export const TLS_PORT = 443;
/** Behind it whoever sends a ClientHello gets a short answer at once, and no TLS. */
export const HELLO_PORT = 80;
/** What is downloaded, bytes. */
export const FILE_BYTES = 256_000_000;

/** PEM of who has signed the target's certificate: it itself. */
export function authorityFile(lab: Lab): string {
  return join(lab.directory, 'tls.pem');
}

/**
 * Builds the lab of a contender and starts it.
 * @throws SluiceError when something does not start; nothing is left behind then
 */
export function startNameContender(name: NameContenderName, signal: AbortSignal): Promise<NameContender> {
  return startContender(name, serve, (lab) => startBalancer(name, lab, signal), signal);
}

async function serve(lab: Lab): Promise<void> {
  const tls = { certificate: authorityFile(lab), key: join(lab.directory, 'tls.key') };
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1'];
  const subject = ['-subj', `/CN=${NAME}`, '-addext', `subjectAltName=DNS:${NAME}`];
  const out = ['-keyout', tls.key, '-out', tls.certificate];
  await run(['openssl', 'req', '-x509', ...kind, ...subject, ...out]);
  await startNginx(lab.target(), { port: TLS_PORT, tls });
  // What is no request of HTTP is answered like one.
  await startNginx(lab.target(), { port: HELLO_PORT, locations: ['error_page 400 =200 /;'] });
  await makeFile(lab.target(), 'file', FILE_BYTES);
}

async function startBalancer(
  name: NameContenderName,
  lab: Lab,
  signal: AbortSignal,
): Promise<Rival | Sluice | undefined> {
  switch (name) {
    case 'plain':
      return undefined;
    case 'haproxy':
      await startHaproxy(lab.balancer, rivalSpec(lab, TLS_PORT));
      return startHaproxy(lab.balancer, rivalSpec(lab, HELLO_PORT));
    case 'nginx':
      await startNginxStream(lab.balancer, rivalSpec(lab, TLS_PORT));
      return startNginxStream(lab.balancer, rivalSpec(lab, HELLO_PORT));
    case 'sluice-nat':
      return startSluice(lab, 'tc', {}, signal);
    case 'sluice-tc':
      return startSluice(lab, 'tc', { hostName: NAME }, signal);
    case 'sluice-native':
      return startSluice(lab, 'native', { hostName: NAME }, signal);
  }
}

function startSluice(
  lab: Lab,
  attach: 'native' | 'tc',
  routing: { readonly hostName?: string },
  signal: AbortSignal,
): Promise<Sluice> {
  const services = [TLS_PORT, HELLO_PORT].map((port) => ({ protocol: 'tcp', port, ...routing }) as const);
  return Sluice.start(lab, { attach, services, target: lab.target().v4 }, signal);
}

function rivalSpec(lab: Lab, port: number): RivalSpec {
  const address = lab.target().v4;
  return {
    listen: { address: lab.vip4, port },
    targets: [{ address, port: DISCARD_PORT }],
    names: { [NAME]: { address, port } },
  };
}
