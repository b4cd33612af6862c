import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { AdminApiConfig } from '../../config/index.ts';
import { secretHash } from '../../config/secret.ts';

/** Tokens of tests. */
export const ADMIN_TOKEN = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b';
export const READ_TOKEN = 'b109f3bbbc244eb82441917ed06d618b9008dd09';

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Settings of a server on loopback whose token is in a file. */
export function fileConfig(port: number, tokenFile: string): AdminApiConfig {
  const { tokenSha256: _none, readOnlyTokenSha256: _neither, ...config } = apiConfig(port);
  return { ...config, tokenFile };
}

/** Settings of a server on loopback with both tokens. */
export function apiConfig(port: number, more: Partial<AdminApiConfig> = {}): AdminApiConfig {
  return {
    enabled: true,
    address: '127.0.0.1',
    port,
    tokenSha256: secretHash(ADMIN_TOKEN),
    readOnlyTokenSha256: secretHash(READ_TOKEN),
    insecure: false,
    allowedHosts: [],
    allowedOrigins: [],
    ...more,
  };
}

/** Makes a self-signed certificate for 127.0.0.1 and its key. */
export async function makeCertificate(
  directory: string,
  name: string,
): Promise<{ certFile: string; keyFile: string }> {
  const certFile = join(directory, `${name}.crt`);
  const keyFile = join(directory, `${name}.key`);
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  await promisify(execFile)('openssl', [
    'req',
    '-x509',
    ...key,
    ...subject,
    '-out',
    certFile,
    '-keyout',
    keyFile,
  ]);
  return { certFile, keyFile };
}

/** What a request is answered with. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** One request by hand. */
export function ask(
  url: string,
  {
    method = 'GET',
    headers = {},
    body = '',
    ca,
  }: { method?: string; headers?: Record<string, string>; body?: string; ca?: string } = {},
): Promise<RawAnswer> {
  const isTls = url.startsWith('https:');
  return new Promise((resolve, reject) => {
    const options = { method, headers, agent: false, ...(ca === undefined ? {} : { ca }) };
    const outgoing = (isTls ? tlsRequest : request)(url, options, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      incoming.once('error', reject);
      incoming.once('end', () =>
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text }),
      );
    });
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

/** The header that carries a token. */
export function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}
