import { createHash } from 'node:crypto';
import type { Config } from './model.ts';

/** SHA-256 (hex) of a configuration: equal models give equal hashes, whatever format and key order they had. */
export function configHash(config: Config): string {
  return createHash('sha256').update(JSON.stringify(config, sortedKeys)).digest('hex');
}

/** A replacer for `JSON.stringify` that writes the keys of every object in order. */
function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
