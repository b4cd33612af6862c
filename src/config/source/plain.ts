import { MAX_DEPTH, MAX_VALUES } from '../limits.ts';
import { keyOf, type MapNode, type Path, type SourceNode } from './tree.ts';

/** What {@link toPlain} tells of trouble on the way. */
export interface PlainTrouble {
  /** The same key twice in one map: where it is and where it was. */
  duplicateKey(key: string, offset: number, firstOffset: number): void;
  /** Nested too deeply, or more values than allowed (aliases can multiply them). */
  tooLarge(offset: number, message: string): void;
}

/** Turns a tree into plain maps, lists and scalars. Trouble is told once per place; the rest is still converted. */
export function toPlain(root: SourceNode, trouble: PlainTrouble): unknown {
  let values = 0;
  return convert(root, []);

  function convert(node: SourceNode, path: Path): unknown {
    values += 1;
    if (values > MAX_VALUES) {
      if (values === MAX_VALUES + 1) trouble.tooLarge(node.offset, `more than ${MAX_VALUES} values`);
      return null;
    }
    if (node.kind === 'scalar') return node.value;
    if (path.length > MAX_DEPTH) {
      trouble.tooLarge(node.offset, `nested more than ${MAX_DEPTH} levels deep`);
      return null;
    }
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
        trouble.duplicateKey(entry.written, entry.keyOffset, first);
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
