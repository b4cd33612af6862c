export { type DnsAnswer, type DnsEndpoint, endpointKey, type LookUp } from './answer.ts';
export {
  type DnsChange,
  type DnsListener,
  type DnsName,
  DnsWatcher,
  type DnsWatcherOptions,
  type DnsWishes,
} from './dns-watcher.ts';
export type { DnsEvent, DnsStatus } from './status.ts';
export { systemLookUp } from './system-look-up.ts';
