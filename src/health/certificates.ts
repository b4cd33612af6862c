import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext, type SecureContext } from 'node:tls';
import { SluiceError } from '../errors/index.ts';
import type { CheckSpec } from './check-spec.ts';

/** Authorities that HTTPS checks trust. */
export interface Authorities {
  /** Content of the file. */
  readonly pem: string;
  /** Made of it once: reading authorities takes longer than a handshake. */
  readonly context: SecureContext;
}

/** Every file of authorities that checks trust, by path. */
export type Certificates = ReadonlyMap<string, Authorities>;

/**
 * Reads the files of authorities that HTTPS checks name.
 * @throws SluiceError `file_unreadable` when one cannot be read, `config_invalid` when it holds no certificates in PEM
 */
export async function readCertificates(specs: readonly CheckSpec[]): Promise<Certificates> {
  const files = specs.flatMap(({ settings }) => (settings.type === 'https' ? (settings.caFile ?? []) : []));
  const read = await Promise.all(
    [...new Set(files)].map(async (file) => [file, await readPem(file)] as const),
  );
  return new Map(read);
}

async function readPem(file: string): Promise<Authorities> {
  const pem = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new SluiceError('file_unreadable', `the authorities of a health check (${file}) cannot be read`, {
      fix: 'correct healthCheck.caFile, or give this user permission to read it',
      cause,
    });
  });
  const context = trusting(pem);
  if (context !== null) return { pem, context };
  throw new SluiceError('config_invalid', `${file} holds no certificates in PEM`, {
    fix: 'correct healthCheck.caFile: the file holds one or more BEGIN CERTIFICATE blocks',
  });
}

const BLOCK = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** What connections need that trust these authorities and no others; null when the text is not only certificates. */
export function trusting(pem: string): SecureContext | null {
  const blocks = pem.match(BLOCK) ?? [];
  try {
    // OpenSSL passes over what it cannot read; here every block is read.
    for (const block of blocks) new X509Certificate(block);
    return blocks.length === 0 ? null : createSecureContext({ ca: pem });
  } catch {
    return null;
  }
}
