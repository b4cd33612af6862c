import { open } from 'node:fs/promises';
import { SluiceError } from '../errors/index.ts';
import { MAX_FILE_BYTES } from './limits.ts';

/**
 * Reads a text file of at most {@link MAX_FILE_BYTES}.
 * @throws SluiceError `file_unreadable` when it cannot be read or is too large, `config_invalid` when it is not UTF-8.
 */
export async function readUtf8File(path: string): Promise<string> {
  const bytes = await readBytes(path);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new SluiceError('config_invalid', `${path}: the configuration has one problem`, {
      details: [{ where: path, message: 'the file is not UTF-8 text' }],
      fix: 'Save the file as UTF-8.',
      cause: error,
    });
  }
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    await using file = await open(path, 'r');
    const chunks: Buffer[] = [];
    let total = 0;
    for await (const chunk of file.createReadStream({ autoClose: false, end: MAX_FILE_BYTES })) {
      const bytes = Buffer.from(chunk);
      chunks.push(bytes);
      total += bytes.length;
    }
    if (total > MAX_FILE_BYTES) throw tooLarge(path);
    return Buffer.concat(chunks);
  } catch (error) {
    if (error instanceof SluiceError) throw error;
    throw unreadable(path, error);
  }
}

function tooLarge(path: string): SluiceError {
  return new SluiceError('file_unreadable', `${path} is larger than ${MAX_FILE_BYTES / 1024 / 1024} MiB`, {
    fix: 'Check that this is the configuration file.',
  });
}

function unreadable(path: string, error: unknown): SluiceError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const [what, fix] = REASONS.get(code) ?? [`cannot be read (${code || String(error)})`, 'Check the path.'];
  return new SluiceError('file_unreadable', `${path} ${what}`, { fix, cause: error });
}

const REASONS: ReadonlyMap<string, readonly [what: string, fix: string]> = new Map([
  ['ENOENT', ['does not exist', 'Check the path; relative paths start at the current directory.']],
  ['EACCES', ['may not be read by this user', 'Give this user permission to read it.']],
  ['EISDIR', ['is a directory', 'Name the configuration file in it.']],
]);
