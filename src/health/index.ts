export { type Certificates, readCertificates } from './certificates.ts';
export { checkClock } from './check-clock.ts';
export { CheckLog, type CheckTotals } from './check-log.ts';
export { type CheckSpec, checkSpecs } from './check-spec.ts';
export {
  checkHttp,
  checkHttps,
  checkTcp,
  checkUdp,
  type DirectCheck,
  type DirectHttpCheck,
  type DirectHttpsCheck,
  type DirectUdpCheck,
} from './checks/direct.ts';
export { HealthMonitor, type ManualStatus } from './monitor.ts';
export type { CheckOutcome, FailureReason } from './outcome.ts';
export { afterPassive } from './state.ts';
export { type CheckRecord, type TargetHealth, UNCHECKED } from './target-health.ts';
