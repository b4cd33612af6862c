export * from './drivers/index.ts';
export {
  type ExecOptions,
  type ExecResult,
  exec,
  Host,
  OwnedProcess,
  run,
  type SpawnOptions,
} from './host/index.ts';
export { Lab } from './lab.ts';
export * from './leaks/index.ts';
export { uniqueInstance } from './naming.ts';
export * from './packet/index.ts';
export type { FetchManyResult } from './programs/fetch-many.ts';
export type { PacedConnection } from './programs/paced-connect.ts';
export type { UdpManyResult } from './programs/udp-many.ts';
export { sweepStaleLabs } from './removal.ts';
export * from './rivals/index.ts';
export * from './services/index.ts';
export type { ClientSpec, InterfacePlan, LabSpec, RouterSpec } from './topology/index.ts';
