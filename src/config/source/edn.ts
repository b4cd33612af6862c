import { type EdnValue, readEdn } from '../edn/index.ts';
import { camelCase } from '../report/words.ts';
import { SourceSyntaxError } from './cursor.ts';
import type { MapEntry, MapNode, SourceNode, SourceProblem, SourceTree } from './tree.ts';

/** Reads EDN: keywords as keys become the words of the configuration, keywords as values become texts. */
export function readEdnSource(text: string): SourceTree {
  const problems: SourceProblem[] = [];
  try {
    const value = readEdn(text);
    return { root: value && convert(value, problems), problems };
  } catch (error) {
    if (!(error instanceof SourceSyntaxError)) throw error;
    return { root: undefined, problems: [{ offset: error.offset, message: error.message }] };
  }
}

function convert(value: EdnValue, problems: SourceProblem[]): SourceNode {
  const { offset } = value;
  switch (value.kind) {
    case 'nil':
      return { kind: 'scalar', offset, value: null };
    case 'boolean':
    case 'number':
    case 'string':
    case 'char':
      return { kind: 'scalar', offset, value: value.value };
    case 'keyword':
      return { kind: 'scalar', offset, value: value.name };
    case 'symbol':
      problems.push({ offset, message: `found the symbol ${value.name}; a text needs double quotes` });
      return { kind: 'scalar', offset, value: value.name };
    case 'list':
    case 'vector':
    case 'set':
      return { kind: 'list', offset, items: value.items.map((item) => convert(item, problems)) };
    case 'map':
      return convertMap(value, problems);
  }
}

function convertMap(map: EdnValue & { kind: 'map' }, problems: SourceProblem[]): MapNode {
  const entries = map.entries.flatMap(({ key, value }): MapEntry[] => {
    const keyOffset = key.offset;
    const node = convert(value, problems);
    if (key.kind === 'keyword') {
      return [{ key: camelCase(key.name), written: key.name, keyOffset, value: node }];
    }
    if (key.kind === 'string') return [{ key: key.value, written: key.value, keyOffset, value: node }];
    problems.push({ offset: keyOffset, message: 'found a key that is neither a keyword nor a string' });
    return [];
  });
  return { kind: 'map', offset: map.offset, entries };
}
