import { spawn } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

const SCRIPT =
  'cd "$1" && find . -print0 | LC_ALL=C sort -z | cpio --null --create --format=newc --quiet --owner=0:0';

/** Packs a folder into an archive that a kernel unpacks as its first file system. Not compressed: emulation is slow. */
export async function packArchive(folder: string, file: string): Promise<void> {
  const child = spawn('sh', ['-c', SCRIPT, 'sh', folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  await pipeline(child.stdout, createWriteStream(file));
  const status = await ended;
  if (status !== 0) throw new Error(`cpio of ${folder} failed (exit ${status})`);
}

/** Puts archives behind each other: the kernel unpacks them in that order. */
export async function joinArchives(parts: readonly string[], file: string): Promise<void> {
  for (const [index, part] of parts.entries()) {
    await pipeline(createReadStream(part), createWriteStream(file, { flags: index === 0 ? 'w' : 'a' }));
  }
}
