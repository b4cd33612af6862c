export type { AskOptions } from './asked-program.ts';
export { type ExecOptions, type ExecResult, exec, isErrno, killGroup, messageOf, run } from './command.ts';
export { Host, type HostOwner } from './host.ts';
export { OwnedProcess, type SpawnOptions } from './owned-process.ts';
