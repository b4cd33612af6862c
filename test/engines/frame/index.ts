export type { Field } from './field.ts';
export { fieldsOf } from './fields.ts';
export { fieldText, setField } from './value.ts';
