export { type Family, type Prefix, parseAddress, parsePrefix } from './address.ts';
export { type Endpoint, formatEndpoint, parseEndpoint } from './endpoint.ts';
export { configHash } from './hash.ts';
export { MAX_FILE_BYTES, MAX_POOL_TARGETS, RANGES } from './limits.ts';
export { type LoadedConfig, loadConfigFile, type ParseOptions, parseConfig } from './load.ts';
export type * from './model.ts';
export { payloadBytes } from './payload.ts';
export { type InterfaceUse, interfacesOf } from './queries.ts';
export type { ConfigWarning } from './report/report.ts';
export { type ListenerConflict, listenerConflicts } from './rules/listeners.ts';
export { BUILT_IN_HEALTH_CHECK } from './schema/health-check.ts';
export { configJsonSchema } from './schema/json-schema.ts';
export { type SimpleOptions, simpleConfig } from './simple.ts';
export { type ConfigFormat, formatOfFile } from './source/formats.ts';
export {
  type ParsedPart,
  type PartContext,
  parseProxy,
  parseSniRoute,
  parseSourceRoute,
  parseTargets,
} from './unknown-input.ts';
