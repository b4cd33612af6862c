import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../host/index.ts';
import { listensOnTcp, type Service, serviceWhen } from './ready.ts';

/** Options of an HAProxy that takes only connections that begin with a header of the PROXY protocol. */
export interface HaproxyReceiverOptions {
  readonly port: number;
  /** Speak HTTPS: PEM files. */
  readonly tls?: { readonly certificate: string; readonly key: string };
  /** Join connections to this TCP port of the same host instead of answering them. */
  readonly joinTo?: number;
}

/**
 * Starts HAProxy as receiver of the PROXY protocol (`accept-proxy`). It answers every request with
 * `NAME CLIENT PORT ADDRESS PORT NAME-ASKED-FOR`, as the header says it, and refuses connections without one.
 */
export async function startHaproxyReceiver(host: Host, options: HaproxyReceiverOptions): Promise<Service> {
  const { port, tls, joinTo } = options;
  const at = (ending: string) => join(host.owner.directory, `receiver-${host.name}-${port}.${ending}`);
  const ssl = tls ? ` ssl crt ${at('pem')}` : '';
  if (tls) await writeFile(at('pem'), (await readFile(tls.certificate)) + String(await readFile(tls.key)));
  const answer = '%[src] %[src_port] %[dst] %[dst_port] %[fc_pp_authority]';
  const work =
    joinTo === undefined
      ? `mode http
  http-request return status 200 content-type text/plain lf-string "${host.name} ${answer}\\n"`
      : `mode tcp
  server own 127.0.0.1:${joinTo}`;
  await writeFile(
    at('cfg'),
    `global
  maxconn 2000
defaults
  timeout connect 5s
  timeout client 60s
  timeout server 60s
listen receiver
  bind :::${port} v4v6 accept-proxy${ssl}
  ${work}
`,
  );
  const process = host.spawn(['haproxy', '-db', '-f', at('cfg')]);
  return serviceWhen((each) => listensOnTcp(each, port), host.name, port, process);
}
