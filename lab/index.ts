export {
  type ExecOptions,
  type ExecResult,
  exec,
  Host,
  OwnedProcess,
  type SpawnOptions,
} from './host/index.ts';
export { Lab } from './lab.ts';
export { sweepStaleLabs } from './removal.ts';
export type { ClientSpec, LabSpec, RouterSpec } from './topology/index.ts';
