export { readEdn } from './reader.ts';
export type { EdnAtom, EdnMap, EdnValue } from './value.ts';
