import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { BpfLink, BpfMap, BpfProgram } from '../../src/libbpf/index.ts';

/** What an instance has pinned, by name. */
export interface Pinned {
  /** Ids of the programs. */
  readonly programs: Readonly<Record<string, number>>;
  /** Ids of the maps. */
  readonly maps: Readonly<Record<string, number>>;
  /** Ids of the programs that hang on each link, e.g. of `2_tc_ingress`. */
  readonly links: Readonly<Record<string, number>>;
}

/** The folder of an instance in bpffs. */
export function pinFolder(instance: string): string {
  return join('/sys/fs/bpf/sluice', instance);
}

/** Opens a map that an instance has pinned. */
export function pinnedMap(instance: string, name: string): BpfMap {
  return BpfMap.fromPin(join(pinFolder(instance), 'maps', name));
}

/** Reads what an instance has pinned; everything is empty when it has nothing. */
export function readPinned(instance: string): Pinned {
  return {
    programs: readKind(instance, 'programs', (path) => {
      using program = BpfProgram.fromPin(path);
      return program.info.id;
    }),
    maps: readKind(instance, 'maps', (path) => {
      using map = BpfMap.fromPin(path);
      return map.info.id;
    }),
    links: readKind(instance, 'links', (path) => {
      using link = BpfLink.fromPin(path);
      return link.info.programId;
    }),
  };
}

/** Makes an instance look as if another version had loaded its programs: the digest is the first field. */
export async function forgetDigest(instance: string): Promise<void> {
  using metadata = BpfMap.fromPin(join(pinFolder(instance), 'maps', 'metadata'));
  const key = Buffer.alloc(metadata.info.keySize);
  const value = metadata.lookup(key) ?? Buffer.alloc(metadata.valueBytes);
  metadata.update(key, value.fill(0, 0, 32));
}

function readKind(instance: string, kind: string, read: (path: string) => number): Record<string, number> {
  const folder = join(pinFolder(instance), kind);
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  return Object.fromEntries(names.map((name) => [name, read(join(folder, name))]));
}
