import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../host/index.ts';
import { filesDirectory } from './nginx.ts';

const BLOCK_BYTES = 1024 * 1024;

/** A file that every nginx target of the lab serves under `/files/NAME`. */
export interface LabFile {
  readonly path: string;
  /** Digest of the content, hex. */
  readonly sha256: string;
  readonly bytes: number;
}

/** Makes a file of random content for downloads and uploads. It lives as long as the lab of `host`. */
export async function makeFile(host: Host, name: string, bytes: number): Promise<LabFile> {
  await mkdir(filesDirectory(host), { recursive: true });
  const path = join(filesDirectory(host), name);
  const hash = createHash('sha256');
  const file = await open(path, 'w', 0o644);
  try {
    for (let left = bytes; left > 0; left -= BLOCK_BYTES) {
      const block = randomBytes(Math.min(left, BLOCK_BYTES));
      hash.update(block);
      await file.write(block);
    }
  } finally {
    await file.close();
  }
  return { path, sha256: hash.digest('hex'), bytes };
}
