import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

const DIGEST = /^[0-9a-f]{12}$/;

/**
 * A folder of things that are made once and kept under the digest of what they are made from. What is there is whole: it
 * is made under another name and moved into place.
 */
export class Cache {
  readonly folder: string;
  readonly #say: (text: string) => void;

  constructor(folder: string, say: (text: string) => void) {
    this.folder = folder;
    this.#say = say;
  }

  /**
   * The thing of this name and these ingredients.
   * @param make called with the path to make it at (a file or a folder), when it is not there
   * @returns its path
   */
  async get(
    name: string,
    ingredients: readonly (string | Uint8Array)[],
    make: (path: string) => Promise<void>,
  ): Promise<string> {
    const hash = createHash('sha256');
    for (const each of ingredients) hash.update(`${each.length} `).update(each);
    const path = join(this.folder, `${name}-${hash.digest('hex').slice(0, 12)}`);
    if (existsSync(path)) return path;
    this.#say(`preparing ${name}`);
    const unfinished = `${path}.unfinished`;
    await mkdir(this.folder, { recursive: true });
    await rm(unfinished, { recursive: true, force: true });
    await make(unfinished);
    await rename(unfinished, path);
    await this.#forgetOthers(name, path);
    return path;
  }

  /** What was made under this name from other ingredients. */
  async #forgetOthers(name: string, path: string): Promise<void> {
    const outdated = (each: string) =>
      each.startsWith(`${name}-`) && DIGEST.test(each.slice(name.length + 1));
    for (const each of (await readdir(this.folder)).filter(outdated)) {
      if (join(this.folder, each) !== path)
        await rm(join(this.folder, each), { recursive: true, force: true });
    }
  }
}
