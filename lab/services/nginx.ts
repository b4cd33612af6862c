import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import type { Host } from '../host/index.ts';
import { listensOnTcp, type Service, serviceWhen } from './ready.ts';

/** Options of an nginx HTTP target. */
export interface NginxOptions {
  /** What it answers as its name; default the host's name. */
  readonly name?: string;
  /** Answer with the address that was connected to instead of the name; for several targets on one host. */
  readonly nameByAddress?: boolean;
  readonly port?: number;
  /** Speak HTTPS (TLS 1.2 and 1.3, HTTP/1.1 and HTTP/2): PEM files. */
  readonly tls?: {
    readonly certificate: string;
    readonly key: string;
    /** Ask clients for a certificate that this authority has signed; without one they are served, too. */
    readonly clientAuthority?: string;
  };
  /** More locations, as nginx writes them. */
  readonly locations?: readonly string[];
  /** Take only connections that begin with a header of the PROXY protocol, and believe it. */
  readonly proxyProtocol?: boolean;
  /** Note every request, for {@link NginxService.requests}; default false. */
  readonly countsRequests?: boolean;
  /** Addresses to listen on; default all of both families. */
  readonly addresses?: readonly string[];
}

/** A request as nginx has counted it: what came over a connection, and what went. */
export interface NginxRequest {
  /** Number of its connection. */
  readonly connection: number;
  /** The address that the client came to. */
  readonly address: string;
  /** Request line, headers and body, bytes. */
  readonly received: number;
  /** Status line, headers and body, bytes. */
  readonly sent: number;
}

/** A running nginx target. */
export interface NginxService extends Service {
  /** Every request so far, with `countsRequests`. @throws Error without it. */
  requests(): Promise<readonly NginxRequest[]>;
  /** Digest of what was uploaded by PUT to `/upload/NAME`. @throws Error when there is no such upload. */
  uploadSha256(name: string): Promise<string>;
}

/**
 * Starts nginx on a host. `GET /` answers `NAME CLIENT-ADDRESS CLIENT-PORT`; `GET /files/NAME` serves the lab's files
 * (see {@link makeFile}); `PUT /upload/NAME` stores what is sent. With `proxyProtocol`, `GET /header` answers with client and
 * listener as the header has them.
 */
export async function startNginx(host: Host, options: NginxOptions = {}): Promise<NginxService> {
  const { name = host.name, port = 80 } = options;
  const directory = join(host.owner.directory, `nginx-${host.name}-${name}-${port}`);
  await mkdir(join(directory, 'upload'), { recursive: true });
  await mkdir(filesDirectory(host), { recursive: true });
  const configFile = join(directory, 'nginx.conf');
  await writeFile(configFile, config(host, directory, { ...options, name, port }));
  const argv = ['nginx', '-e', 'stderr', '-p', directory, '-c', configFile];
  const service = await serviceWhen((process) => listensOnTcp(process, port), name, port, host.spawn(argv));
  return {
    ...service,
    uploadSha256: (file) => sha256(join(directory, 'upload', file)),
    requests: () => readRequests(join(directory, 'requests.log')),
  };
}

async function readRequests(path: string): Promise<readonly NginxRequest[]> {
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const [connection, address = '', received, sent] = line.split(' ');
    return { connection: Number(connection), address, received: Number(received), sent: Number(sent) };
  });
}

/** Where the files that all nginx targets of a lab serve lie. */
export function filesDirectory(host: Host): string {
  return join(host.owner.directory, 'files');
}

/** Digest of a file, hex. */
export async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}

/** Nobody but the balancer reaches the targets of a lab. */
const BELIEVE_HEADERS = [
  'set_real_ip_from 0.0.0.0/0;',
  'set_real_ip_from ::/0;',
  'real_ip_header proxy_protocol;',
  'location /header { return 200 "$proxy_protocol_addr $proxy_protocol_port $proxy_protocol_server_addr $proxy_protocol_server_port\\n"; }',
];

function config(host: Host, directory: string, options: NginxOptions): string {
  const { port, tls, proxyProtocol, addresses = ['0.0.0.0', '::'], locations = [] } = options;
  const how = `${tls ? 'ssl http2 ' : ''}${proxyProtocol ? 'proxy_protocol ' : ''}backlog=4096;`;
  const listens = addresses.map((address) =>
    isIPv6(address) ? `listen [${address}]:${port} ipv6only=on ${how}` : `listen ${address}:${port} ${how}`,
  );
  if (tls)
    listens.push(
      `ssl_protocols TLSv1.2 TLSv1.3;`,
      `ssl_certificate ${tls.certificate};`,
      `ssl_certificate_key ${tls.key};`,
    );
  if (tls?.clientAuthority)
    listens.push(`ssl_client_certificate ${tls.clientAuthority};`, 'ssl_verify_client optional;');
  if (proxyProtocol) listens.push(...BELIEVE_HEADERS);
  const name = options.nameByAddress ? '$server_addr' : options.name;
  return `
user root;
daemon off;
worker_processes 1;
pid ${directory}/pid;
error_log stderr error;
events { worker_connections 8000; }
http {
  log_format requests '$connection $server_addr $request_length $bytes_sent';
  access_log ${options.countsRequests ? `${directory}/requests.log requests` : 'off'};
  default_type application/octet-stream;
  sendfile on;
  keepalive_timeout 75s;
  keepalive_requests 10000000;
  client_max_body_size 0;
  client_body_temp_path ${directory}/body;
  proxy_temp_path ${directory}/proxy;
  fastcgi_temp_path ${directory}/fastcgi;
  uwsgi_temp_path ${directory}/uwsgi;
  scgi_temp_path ${directory}/scgi;
  server {
    ${listens.join('\n    ')}
    location / { default_type text/plain; return 200 "${name} $remote_addr $remote_port\\n"; }
    location /files/ { alias ${filesDirectory(host)}/; }
    location /upload/ { alias ${directory}/upload/; dav_methods PUT; }
    ${locations.join('\n    ')}
  }
}
`;
}
