export { type Family, type Prefix, parseAddress, parsePrefix } from './address.ts';
export { type ChangedConfig, changeConfig } from './changes/apply.ts';
export type { Change, ChangeKind, NewWeights, OfPool } from './changes/change.ts';
export { findPool } from './changes/pools.ts';
export { findProxy } from './changes/proxies.ts';
export { findRoute, SNI_ROUTES, SOURCE_ROUTES } from './changes/routes.ts';
export { configDifferences } from './difference/compare.ts';
export { type Difference, type DifferenceSubject, describeDifference } from './difference/difference.ts';
export {
  type ConfigDocument,
  configDocument,
  type DocumentMap,
  type DocumentValue,
  proxyDocument,
  routeDocument,
  targetDocuments,
} from './document/document.ts';
export { type DocumentFormat, formatConfig, formatDocument } from './document/text.ts';
export { type Endpoint, formatEndpoint, parseEndpoint } from './endpoint.ts';
export { fileStamp } from './file.ts';
export { type ChangingSettings, followSettings } from './follow-settings.ts';
export { ConfigHashes, configHash } from './hash.ts';
export { MAX_FILE_BYTES, MAX_POOL_TARGETS, RANGES } from './limits.ts';
export { type LoadedConfig, loadConfigFile, type ParseOptions, parseConfig } from './load.ts';
export { LOG_LEVELS, type LogLevel } from './log-level.ts';
export type * from './model.ts';
export { payloadBytes } from './payload.ts';
export {
  type ConfiguredPool,
  configuredPools,
  configuredTargets,
  DEFAULT_POOL,
  mapTargets,
} from './pools.ts';
export { type InterfaceUse, interfacesOf } from './queries.ts';
export type { ConfigWarning } from './report/report.ts';
export { type ListenerConflict, listenerConflicts } from './rules/listeners.ts';
export { BUILT_IN_CIRCUIT_BREAKER } from './schema/circuit-breaker.ts';
export type { ConfigInput } from './schema/config.ts';
export { BUILT_IN_HEALTH_CHECK } from './schema/health-check.ts';
export { configJsonSchema } from './schema/json-schema.ts';
export { refuseSecret } from './secret.ts';
export { type SimpleOptions, simpleConfig } from './simple.ts';
export { type ConfigFormat, formatOfFile } from './source/formats.ts';
export {
  type ParsedPart,
  type PartContext,
  parseConfigObject,
  parseProxy,
  parseSniRoute,
  parseSourceRoute,
  parseTargets,
} from './unknown-input.ts';
export { type WatchFileOptions, watchFile } from './watch.ts';
