import { createHash } from 'node:crypto';
import type { Config } from './model.ts';

/** SHA-256 (hex) of a configuration: equal models give equal hashes, whatever format and key order they had. */
export function configHash(config: Config): string {
  return createHash('sha256').update(JSON.stringify(config, sortedKeys)).digest('hex');
}

/** Hashes of configurations. Each is worked out once: those of large ones cost, and are asked for again and again. */
export class ConfigHashes {
  readonly #known = new WeakMap<Config, string>();

  /** What {@link configHash} gives. */
  readonly of = (config: Config): string => {
    const hash = this.#known.get(config) ?? configHash(config);
    this.#known.set(config, hash);
    return hash;
  };
}

/** A replacer for `JSON.stringify` that writes the keys of every object in order. */
function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
