export { Balancer, type ConfigFile, SLUICE } from './balancer.ts';
export { flowsByTarget, type WebOptions, webConfig } from './configs.ts';
export { packetsOf, toGateway } from './frames.ts';
export {
  type OddPacket,
  type OddPath,
  packetsWithOptions,
  packetsWithoutPorts,
  routed,
} from './odd-packets.ts';
export {
  bothFamilies,
  configOf,
  FAMILIES,
  type Family,
  ownAddress,
  type ProxyOptions,
  proxy,
  targetList,
} from './proxies.ts';
export { type Prepare, Scene, useScene } from './scene.ts';
export { expectShares } from './shares.ts';
