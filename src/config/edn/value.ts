/** A value of EDN and where it begins in the text (offset in UTF-16 code units). */
export type EdnValue =
  | EdnAtom
  | { readonly kind: 'list' | 'vector' | 'set'; readonly offset: number; readonly items: readonly EdnValue[] }
  | EdnMap;

/** A value that is not made of others. */
export type EdnAtom =
  | { readonly kind: 'nil'; readonly offset: number }
  | { readonly kind: 'boolean'; readonly offset: number; readonly value: boolean }
  | { readonly kind: 'number'; readonly offset: number; readonly value: number }
  | { readonly kind: 'string' | 'char'; readonly offset: number; readonly value: string }
  /** `name` is without the colon of a keyword; a namespace is part of it: `a/b`. */
  | { readonly kind: 'keyword' | 'symbol'; readonly offset: number; readonly name: string };

/** A map; its keys are in the order of the text and may be equal. */
export interface EdnMap {
  readonly kind: 'map';
  readonly offset: number;
  readonly entries: readonly { readonly key: EdnValue; readonly value: EdnValue }[];
}
