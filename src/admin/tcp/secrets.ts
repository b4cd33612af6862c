import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { refuseSecret } from '../../config/index.ts';
import { SluiceError } from '../../errors/index.ts';

/** Bits of a mode that let somebody else than owner and group read, or somebody else than the owner write. */
const LOOSE = 0o027;
const MAX_SECRET_FILE_BYTES = 64 * 1024;

/** A secret: its SHA-256 (hex), or the file that has it. */
export interface SecretPlace {
  readonly sha256: string | undefined;
  readonly file: string | undefined;
}

/**
 * The hash of a secret, wherever it is; null for none.
 * @throws SluiceError `file_unreadable`, `permission` when others may read the file, `config_invalid` when it is easy to guess
 */
export async function hashOfSecret({ sha256, file }: SecretPlace): Promise<Buffer | null> {
  if (sha256 !== undefined) return Buffer.from(sha256, 'hex');
  if (file === undefined) return null;
  const secret = (await readPrivateFile(file)).trim();
  const problem = refuseSecret(secret);
  if (problem === undefined) return createHash('sha256').update(secret).digest();
  throw new SluiceError('config_invalid', `${file} has no token: ${problem}`, {
    fix: `openssl rand -hex 32 > ${file}`,
  });
}

/**
 * Reads a file that is nobody else's business.
 * @throws SluiceError `file_unreadable`; `permission` when others than its owner and group may read it
 */
export async function readPrivateFile(path: string): Promise<string> {
  try {
    await using file = await open(path, 'r');
    const { mode } = await file.stat();
    if ((mode & LOOSE) !== 0) throw tooOpen(path, mode);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_SECRET_FILE_BYTES));
    return buffer.toString('utf8', 0, bytesRead);
  } catch (error) {
    if (error instanceof SluiceError) throw error;
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new SluiceError('file_unreadable', `${path} cannot be read (${why})`, { cause: error });
  }
}

function tooOpen(path: string, mode: number): SluiceError {
  const octal = (mode & 0o777).toString(8).padStart(4, '0');
  return new SluiceError(
    'permission',
    `${path} has the mode ${octal}: it is a secret that others can get at`,
    {
      fix: `chmod 0600 ${path}`,
    },
  );
}
