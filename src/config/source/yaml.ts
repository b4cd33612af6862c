import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  parseDocument,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type {
  ListNode,
  MapEntry,
  MapNode,
  ScalarNode,
  SourceNode,
  SourceProblem,
  SourceTree,
} from './tree.ts';

/** A problem; a fatal one leaves nothing that is worth checking further. */
type YamlProblem = SourceProblem & { readonly fatal?: true };

/** Problems after the first few are mostly echoes of those. */
const MAX_SYNTAX_PROBLEMS = 10;

/** Reads YAML 1.2 (core schema, one document) and keeps where every key and value is. */
export function readYaml(text: string): SourceTree {
  const document = parse(text);
  if ('problems' in document) return document;
  const problems: YamlProblem[] = [...document.errors, ...document.warnings].map((error) => ({
    offset: error.pos[0],
    message: error.code === 'MULTIPLE_DOCS' ? 'a second document begins; a file has one' : error.message,
  }));
  if (problems.length > 0) return { root: undefined, problems: problems.slice(0, MAX_SYNTAX_PROBLEMS) };
  const root = document.contents === null ? undefined : convertDocument(document, problems);
  return { root: problems.some(({ fatal }) => fatal) ? undefined : root, problems };
}

/** The parser recurses, so nesting without end overflows the stack: the one thing caught here. */
function parse(text: string): Document.Parsed | SourceTree {
  try {
    return parseDocument(text, { prettyErrors: false, uniqueKeys: false, stringKeys: false });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { root: undefined, problems: [{ offset: 0, message: 'nested too deeply' }] };
  }
}

/** Converts the nodes of a document; an alias becomes the node that it names, which is shared, not copied. */
function convertDocument(document: Document.Parsed, problems: YamlProblem[]): SourceNode {
  const anchors = new Map<string, SourceNode>();
  return convert(document.contents, 0);

  function convert(node: unknown, around: number): SourceNode {
    if (isAlias(node)) {
      const offset = node.range?.[0] ?? around;
      const target = anchors.get(node.source);
      if (target !== undefined) return target;
      problems.push({
        offset,
        message: `the alias *${node.source} names nothing that is complete before it`,
        fatal: true,
      });
      return { kind: 'scalar', offset, value: null };
    }
    const converted = convertContent(node, around);
    const anchor = isMap(node) || isSeq(node) || isScalar(node) ? node.anchor : undefined;
    if (anchor !== undefined) anchors.set(anchor, converted);
    return converted;
  }

  function convertContent(node: unknown, around: number): SourceNode {
    if (isMap(node)) return convertMap(node, node.range?.[0] ?? around);
    if (isSeq(node)) return convertList(node, node.range?.[0] ?? around);
    if (isScalar(node)) return convertScalar(node, node.range?.[0] ?? around);
    return { kind: 'scalar', offset: around, value: null };
  }

  function convertList(node: YAMLSeq, offset: number): ListNode {
    return { kind: 'list', offset, items: node.items.map((item) => convert(item, offset)) };
  }

  function convertMap(node: YAMLMap, offset: number): MapNode {
    return { kind: 'map', offset, entries: node.items.flatMap((pair) => convertPair(pair, offset)) };
  }

  function convertPair(pair: Pair, around: number): MapEntry[] {
    const keyNode = convert(pair.key, around);
    const key = isScalar(pair.key) ? (pair.key.source ?? String(pair.key.value)) : undefined;
    const value = convert(pair.value, keyNode.offset);
    if (key !== undefined) return [{ key, written: key, keyOffset: keyNode.offset, value }];
    problems.push({ offset: keyNode.offset, message: 'found a key that is not a word' });
    return [];
  }

  function convertScalar(node: Scalar, offset: number): ScalarNode {
    const { value, source = '' } = node;
    if (typeof value === 'number' && /^[-+]?0\d/.test(source)) {
      problems.push({
        offset,
        message: `found ${source}, which some readers take for octal; expected a number without leading zero`,
      });
    }
    const plain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    return { kind: 'scalar', offset, value: plain ? value : null };
  }
}
