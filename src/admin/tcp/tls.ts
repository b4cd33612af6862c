import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { AdminApiConfig } from '../../config/index.ts';
import { SluiceError } from '../../errors/index.ts';
import type { TlsFiles } from '../../http/index.ts';
import { readPrivateFile } from './secrets.ts';

/**
 * Reads a certificate and its key.
 * @throws SluiceError `file_unreadable`; `permission` when others may read the key; `config_invalid` when they do not fit
 */
export async function readTls({ certFile, keyFile }: NonNullable<AdminApiConfig['tls']>): Promise<TlsFiles> {
  const cert = await readFile(certFile, 'utf8').catch((cause: unknown) => {
    throw new SluiceError('file_unreadable', `${certFile} cannot be read`, { cause });
  });
  const files = { cert, key: await readPrivateFile(keyFile) };
  try {
    createSecureContext(files);
    return files;
  } catch (cause) {
    throw new SluiceError('config_invalid', `${certFile} and ${keyFile} are not a certificate and its key`, {
      fix: `openssl x509 -in ${certFile} -noout -text, and the same with pkey for the key`,
      cause,
    });
  }
}
