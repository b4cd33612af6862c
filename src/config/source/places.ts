import { jsonPointer } from '../../errors/index.ts';
import { formatPath, type Places } from '../report/report.ts';
import type { ConfigFormat } from './formats.ts';
import { positionFinder } from './position.ts';
import { keyOffsetOf, offsetOf, type Path, type SourceNode } from './tree.ts';

/** Places in a text, which can also be asked for by offset. */
export interface TextPlaces extends Places {
  /** `file:line:col`. */
  whereIsOffset(offset: number): string;
}

/** Tells where the values of a text are: `name:line:col`. */
export function textPlaces(
  text: string,
  name: string,
  { format, pointers }: { readonly format: ConfigFormat; readonly pointers: boolean },
  root: SourceNode | undefined,
): TextPlaces {
  const positionOf = positionFinder(text);
  const orderOf = (path: Path, part: 'key' | 'value'): number => {
    if (root === undefined) return 0;
    return part === 'key' ? keyOffsetOf(root, path) : offsetOf(root, path);
  };
  const whereIsOffset = (offset: number): string => {
    const { line, column } = positionOf(offset);
    return `${name}:${line}:${column}`;
  };
  return {
    spelling: format === 'edn' ? 'kebab-case' : 'camelCase',
    orderOf,
    whereIs: (path, part) => whereIsOffset(orderOf(path, part)),
    pointerTo: (path) => (pointers ? jsonPointer(path) : undefined),
    whereIsOffset,
  };
}

/**
 * Tells where the values of an object are that came without a text: their paths, and `name` for the object itself.
 * All have the same order.
 */
export function objectPlaces(name: string): Places {
  return {
    spelling: 'camelCase',
    orderOf: () => 0,
    whereIs: (path) => (path.length === 0 ? name : formatPath(path, 'camelCase')),
    pointerTo: jsonPointer,
  };
}
