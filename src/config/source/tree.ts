/** A step into a configuration: the key of a map or the index of a list. */
export type Step = string | number;
/** The way from the root of a configuration to one of its values. */
export type Path = readonly Step[];

/** A value that is not made of others. */
export interface ScalarNode {
  readonly kind: 'scalar';
  readonly offset: number;
  readonly value: string | number | boolean | null;
}

/** A list. */
export interface ListNode {
  readonly kind: 'list';
  readonly offset: number;
  readonly items: readonly SourceNode[];
}

/** One entry of a map. */
export interface MapEntry {
  /** The key as a word of the configuration (camelCase). */
  readonly key: string;
  /** The key as the file has it. */
  readonly written: string;
  readonly keyOffset: number;
  readonly value: SourceNode;
}

/** A map; keys may still occur twice. */
export interface MapNode {
  readonly kind: 'map';
  readonly offset: number;
  readonly entries: readonly MapEntry[];
}

/** A value of a configuration file and where it begins, whatever format the file has. */
export type SourceNode = ScalarNode | ListNode | MapNode;

/** Something in a text that its format does not allow. */
export interface SourceProblem {
  readonly offset: number;
  readonly message: string;
}

/** What a reader of a format makes of a text: `root` is missing when the text has no readable value. */
export interface SourceTree {
  readonly root: SourceNode | undefined;
  readonly problems: readonly SourceProblem[];
}

/** Whether the keys of the map at `path` are names that the user chose, not words of the configuration. */
export function hasFreeKeys(path: Path): boolean {
  return path.length === 2 && path[0] === 'settings' && path[1] === 'attach';
}

/** The key of an entry of the map at `path`. */
export function keyOf(entry: MapEntry, path: Path): string {
  return hasFreeKeys(path) ? entry.written : entry.key;
}

/** The offset of the value at `path`, or of the nearest thing around it that the text has. */
export function offsetOf(root: SourceNode, path: Path): number {
  let node = root;
  for (const [depth, step] of path.entries()) {
    const next = childOf(node, path.slice(0, depth), step);
    if (next === undefined) break;
    node = next;
  }
  return node.offset;
}

/** The offset of the last key of `path`. */
export function keyOffsetOf(root: SourceNode, path: Path): number {
  const parentPath = path.slice(0, -1);
  let node: SourceNode | undefined = root;
  for (const [depth, step] of parentPath.entries()) {
    node = node && childOf(node, parentPath.slice(0, depth), step);
  }
  const entry =
    node?.kind === 'map' ? node.entries.find((entry) => keyOf(entry, parentPath) === path.at(-1)) : undefined;
  return entry?.keyOffset ?? offsetOf(root, path);
}

function childOf(node: SourceNode, path: Path, step: Step): SourceNode | undefined {
  if (node.kind === 'list') return typeof step === 'number' ? node.items[step] : undefined;
  if (node.kind === 'map') return node.entries.find((entry) => keyOf(entry, path) === step)?.value;
  return undefined;
}
