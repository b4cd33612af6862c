import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Host, listensOnTcp, run, type Service, serviceWhen } from '../../lab/index.ts';

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1'] as const;

/** An authority of a test's own. */
export interface Authority {
  readonly certificate: string;
  readonly key: string;
}

/** Makes an authority; its files live as long as the lab of `host`. */
export async function makeAuthority(host: Host, name: string): Promise<Authority> {
  const at = (ending: string) => join(host.owner.directory, `${name}.${ending}`);
  const [certificate, key] = [at('pem'), at('key')];
  await run(['openssl', 'req', '-x509', ...KEY, '-subj', `/CN=${name}`, '-keyout', key, '-out', certificate]);
  return { certificate, key };
}

/** Makes a certificate for DNS names, signed by an authority; its files live as long as the lab of `host`. */
export async function makeCertificate(
  host: Host,
  authority: Authority,
  dnsNames: readonly string[],
): Promise<Authority> {
  const at = (ending: string) => join(host.owner.directory, `${dnsNames[0]}.${ending}`);
  const [certificate, key] = [at('pem'), at('key')];
  const signed = ['-CA', authority.certificate, '-CAkey', authority.key];
  const names = dnsNames.map((name) => `DNS:${name}`).join(',');
  const subject = ['-subj', `/CN=${dnsNames[0]}`, '-addext', `subjectAltName=${names}`];
  await run(['openssl', 'req', '-x509', ...signed, ...KEY, ...subject, '-keyout', key, '-out', certificate]);
  return { certificate, key };
}

/** Starts `openssl s_server` with a certificate for a DNS name; it answers every GET with 200. */
export async function startTls(
  host: Host,
  port: number,
  dnsName: string,
  authority: Authority,
): Promise<Service> {
  const at = (ending: string) => join(host.owner.directory, `${dnsName}-${port}.${ending}`);
  const [certificate, key] = [at('pem'), at('key')];
  const signed = ['-CA', authority.certificate, '-CAkey', authority.key];
  const subject = ['-subj', `/CN=${dnsName}`, '-addext', `subjectAltName=DNS:${dnsName}`];
  await run(['openssl', 'req', '-x509', ...signed, ...KEY, ...subject, '-keyout', key, '-out', certificate]);
  const argv = [
    'openssl',
    's_server',
    '-accept',
    String(port),
    '-cert',
    certificate,
    '-key',
    key,
    '-www',
    '-quiet',
  ];
  return serviceWhen((process) => listensOnTcp(process, port), dnsName, port, host.spawn(argv));
}

/** Starts a TCP server that runs a shell script for every connection. */
export async function startShell(host: Host, port: number, script: string): Promise<Service> {
  const file = join(host.owner.directory, `serve-${port}.sh`);
  await writeFile(file, script);
  const argv = ['socat', `TCP-LISTEN:${port},fork,reuseaddr`, `EXEC:sh ${file}`];
  return serviceWhen((process) => listensOnTcp(process, port), host.name, port, host.spawn(argv));
}
