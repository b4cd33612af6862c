export {
  type Btf,
  type BtfVariable,
  readBtf,
  resolveId,
  typeById,
  typedefNames,
  variablesOf,
} from './btf.ts';
export type { BtfArray, BtfDatasec, BtfEnum, BtfInt, BtfMember, BtfStruct, BtfType } from './types.ts';
