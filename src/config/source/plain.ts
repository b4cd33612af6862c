import { MAX_DEPTH, MAX_VALUES } from '../limits.ts';
import { keyOf, type MapNode, type Path, type SourceNode, type SourceProblem } from './tree.ts';

/** What {@link toPlain} makes of a tree. */
export interface PlainTree {
  readonly value: unknown;
  /** The tree is nested too deeply or has too many values (aliases can multiply them); `value` is incomplete. */
  readonly tooLarge: SourceProblem | undefined;
}

/** Is told of every key that is in a map already. */
export type OnDuplicateKey = (key: string, offset: number, firstOffset: number) => void;

/** Turns a tree into plain maps, lists and scalars. The first of equal keys counts. */
export function toPlain(root: SourceNode, onDuplicateKey: OnDuplicateKey): PlainTree {
  let values = 0;
  let tooLarge: SourceProblem | undefined;
  const value = convert(root, []);
  return { value, tooLarge };

  function convert(node: SourceNode, path: Path): unknown {
    values += 1;
    if (values > MAX_VALUES) tooLarge ??= { offset: node.offset, message: `more than ${MAX_VALUES} values` };
    if (path.length > MAX_DEPTH) {
      tooLarge ??= { offset: node.offset, message: `nested more than ${MAX_DEPTH} levels deep` };
    }
    if (tooLarge !== undefined) return null;
    if (node.kind === 'scalar') return node.value;
    if (node.kind === 'map') return convertMap(node, path);
    return node.items.map((item, index) => convert(item, [...path, index]));
  }

  function convertMap(node: MapNode, path: Path): Record<string, unknown> {
    const plain = emptyRecord();
    const seen = new Map<string, number>();
    for (const entry of node.entries) {
      const key = keyOf(entry, path);
      const first = seen.get(key);
      if (first !== undefined) {
        onDuplicateKey(entry.written, entry.keyOffset, first);
        continue;
      }
      seen.set(key, entry.keyOffset);
      plain[key] = convert(entry.value, [...path, key]);
    }
    return plain;
  }
}

/** A record without a prototype, so that no key of a file can mean something to JavaScript. */
function emptyRecord(): Record<string, unknown> {
  return Object.create(null);
}
