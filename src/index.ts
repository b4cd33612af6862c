/**
 * Sluice as a library: run a balancer in this process, or speak to the daemon of another.
 *
 * ```ts
 * await using balancer = await startLoadBalancer('sluice.yaml');
 * balancer.on('targetUnhealthy', ({ proxy, target, reason }) => console.log(proxy, target, reason));
 * console.log(await balancer.stats());
 * ```
 */
export {
  AdminClient,
  type AdminClientOptions,
  type BalancerView,
  defaultAdminSocket,
  type StreamOptions,
} from './admin/index.ts';
export {
  type CapturedFrame,
  type CapturedPacket,
  type CaptureEnd,
  type CaptureLine,
  type CaptureRequest,
  PcapngWriter,
} from './capture/index.ts';
export {
  type Change,
  type Config,
  type ConfigDocument,
  type ConfigInput,
  type ConfigWarning,
  changeConfig,
  configDifferences,
  configDocument,
  configHash,
  configJsonSchema,
  type Difference,
  describeDifference,
  formatConfig,
  type LoadedConfig,
  loadConfigFile,
  type ParseOptions,
  type ProxyConfig,
  parseConfig,
  parseEndpoint,
  type Settings,
  type SimpleOptions,
  simpleConfig,
  type TargetConfig,
  watchFile,
} from './config/index.ts';
export {
  type CircuitBreakers,
  detachInstance,
  type HealthChecks,
  type LiveConfig,
  LoadBalancer,
  type StartOptions,
} from './control/index.ts';
export { ERROR_CODES, type ErrorCode, type ErrorDetail, SluiceError } from './errors/index.ts';
export {
  type BalancerEvent,
  type CircuitClosed as CircuitClosedEvent,
  type CircuitEvent,
  type CircuitHalfOpened as CircuitHalfOpenedEvent,
  type CircuitOpened as CircuitOpenedEvent,
  EVENT_TYPES,
  type EventFilter,
  type EventOf,
  type EventStamp,
  type EventType,
  type HealthEvent,
  type ReadOptions,
  type StampedEvent,
  type TargetHealthy as TargetHealthyEvent,
  type TargetUnhealthy as TargetUnhealthyEvent,
  type WeightsUpdated as WeightsUpdatedEvent,
} from './events/index.ts';
export {
  type CheckOutcome,
  checkHttp,
  checkHttps,
  checkTcp,
  checkUdp,
  type DirectCheck,
  type DirectHttpCheck,
  type DirectHttpsCheck,
  type DirectUdpCheck,
  type FailureReason,
} from './health/index.ts';
export {
  type DrainTargetOptions,
  defineConfig,
  RunningLoadBalancer,
  type StartLoadBalancerOptions,
  type StatsOptions,
  startLoadBalancer,
  type TargetsInput,
} from './library/index.ts';
export { type MetricsPlace, MetricsServer, type MetricsStatus } from './metrics/index.ts';
export * from './report/index.ts';
