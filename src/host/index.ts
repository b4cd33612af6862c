export { readInterfaces } from './interfaces.ts';
export {
  type CommandOptions,
  type CommandResult,
  type CommandRunner,
  type HostIo,
  runCommand,
  systemIo,
} from './io.ts';
export type {
  AttachedXdp,
  DeliveringRoute,
  HostAddress,
  HostInterface,
  HostRoute,
  LinkedDevice,
  Neighbour,
  RejectingRoute,
  RouteQuery,
} from './model.ts';
export { neighbour, readNeighbours } from './neighbours.ts';
export { routesTo, routeTo } from './routes.ts';
export { ipLocalPortRange, type PortRange, readSysctl } from './sysctl.ts';
export { type SpawnMonitor, spawnIpMonitor, type WatchOptions, watchHost } from './watch.ts';
