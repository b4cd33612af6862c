import * as z from 'zod';
import { map } from './collections.ts';
import { absolutePath, bindAddress, flag, hostName, origin, port, secret, sha256 } from './scalars.ts';

const tlsSchema = map(
  {
    certFile: absolutePath().describe('PEM file of the certificate, with its chain.'),
    keyFile: absolutePath().describe('PEM file of its private key, which only its owner and group may read.'),
  },
  'a map with `certFile` and `keyFile`',
);

/** The admin API on TCP, besides the unix socket. */
export const adminApiSchema = map(
  {
    enabled: flag().default(false).describe('Serve the admin API on TCP too.'),
    address: bindAddress().default('127.0.0.1').describe('Address to listen on.'),
    port: port().default(8081).describe('Port to listen on.'),
    token: secret().optional().describe('Secret that lets a client do everything.'),
    tokenFile: absolutePath().optional().describe('File with that secret, read at start and reload.'),
    tokenSha256: sha256().optional().describe('SHA-256 of that secret, instead of the secret itself.'),
    apiKey: secret().nullish().describe("The original's word for `token`."),
    readOnlyToken: secret().optional().describe('Secret that lets a client read, and change nothing.'),
    readOnlyTokenFile: absolutePath().optional().describe('File with that secret.'),
    readOnlyTokenSha256: sha256().optional().describe('SHA-256 of that secret.'),
    tls: tlsSchema.optional().describe('Serve HTTPS with this certificate.'),
    insecure: flag()
      .default(false)
      .describe('Listen on an address that others can reach, without TLS: whoever listens in has the token.'),
    allowedHosts: z
      .array(hostName(), { error: 'expected a list of host names' })
      .default([])
      .describe('Names, besides `localhost` and addresses, by which clients may call this server.'),
    allowedOrigins: z
      .array(origin(), { error: 'expected a list of origins' })
      .nullable()
      .default([])
      .describe('Origins of web pages that may use the API; others may not.'),
  },
  'a map of settings of the admin API',
);

/** What {@link adminApiSchema} yields. */
export type AdminApiInput = z.output<typeof adminApiSchema>;
