import type { BigIntStats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { SluiceError } from '../errors/index.ts';
import { MAX_FILE_BYTES } from './limits.ts';

/** A text, and what tells the file's content from what it was or will be. */
export interface StampedText {
  readonly text: string;
  readonly stamp: string;
}

/** Tells one content of a file from another without reading it; null when there is no such file. */
export async function fileStamp(path: string): Promise<string | null> {
  try {
    return stampOf(await stat(path, { bigint: true }));
  } catch {
    return null;
  }
}

function stampOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(':');
}

/**
 * Reads a text file of at most {@link MAX_FILE_BYTES}.
 * @throws SluiceError `file_unreadable` when it cannot be read or is too large, `config_invalid` when it is not UTF-8.
 */
export async function readUtf8File(path: string): Promise<StampedText> {
  const { bytes, stamp } = await readBytes(path);
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), stamp };
  } catch (error) {
    throw new SluiceError('config_invalid', `${path}: the configuration has one problem`, {
      details: [{ where: path, message: 'the file is not UTF-8 text' }],
      fix: 'Save the file as UTF-8.',
      cause: error,
    });
  }
}

async function readBytes(path: string): Promise<{ bytes: Uint8Array; stamp: string }> {
  try {
    await using file = await open(path, 'r');
    // Before the content: a write meanwhile gives the file another stamp.
    const stamp = stampOf(await file.stat({ bigint: true }));
    const chunks: Buffer[] = [];
    let total = 0;
    for await (const chunk of file.createReadStream({ autoClose: false, end: MAX_FILE_BYTES })) {
      const bytes = Buffer.from(chunk);
      chunks.push(bytes);
      total += bytes.length;
    }
    if (total > MAX_FILE_BYTES) throw tooLarge(path);
    return { bytes: Buffer.concat(chunks), stamp };
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
