import type { BalancerView } from '../../admin/index.ts';
import { SluiceError } from '../../errors/index.ts';
import type { AdminState, CircuitState, StatusToSet } from '../../report/index.ts';
import type { RunningBalancer } from '../control-plane.ts';

/** The balancer as the admin API sees it, also while it is still starting. */
export class LateView implements BalancerView {
  readonly #onDetached: () => void;
  #balancer: RunningBalancer | undefined;

  constructor(onDetached: () => void) {
    this.#onDetached = onDetached;
  }

  serve(balancer: RunningBalancer): void {
    this.#balancer = balancer;
  }

  get #ready(): RunningBalancer {
    if (this.#balancer !== undefined) return this.#balancer;
    throw new SluiceError('unreachable', 'the daemon is still starting', { fix: 'ask again in a moment' });
  }

  get configuration() {
    return this.#ready.configuration;
  }

  get feed() {
    return this.#ready.feed;
  }

  get log() {
    return this.#ready.log;
  }

  async readiness() {
    return this.#balancer?.readiness() ?? { ready: false, reasons: ['the daemon is still starting'] };
  }

  async status() {
    return this.#ready.status();
  }

  async connections(filter: Parameters<BalancerView['connections']>[0]) {
    return this.#ready.connections(filter);
  }

  async trace(question: Parameters<BalancerView['trace']>[0]) {
    return this.#ready.trace(question);
  }

  async capture(...args: Parameters<BalancerView['capture']>) {
    return this.#ready.capture(...args);
  }

  async dns() {
    return this.#ready.dns();
  }

  async resolveHost(hostname: string) {
    return this.#ready.resolveHost(hostname);
  }

  async stats() {
    return this.#ready.stats();
  }

  async latencies() {
    return this.#ready.latencies();
  }

  async collectMetrics() {
    return this.#ready.collectMetrics();
  }

  async targets() {
    return this.#ready.targets();
  }

  async health(proxy?: string) {
    return this.#ready.health(proxy);
  }

  async forceCheck(proxy: string, target: string) {
    return this.#ready.forceCheck(proxy, target);
  }

  async setTargetStatus(proxy: string, target: string, status: StatusToSet) {
    await this.#ready.setTargetStatus(proxy, target, status);
  }

  async targetState(proxy: string, target: string) {
    return this.#ready.targetState(proxy, target);
  }

  async setTargetState(proxy: string, target: string, state: AdminState, timeoutMs?: number) {
    return this.#ready.setTargetState(proxy, target, state, timeoutMs);
  }

  async circuits() {
    return this.#ready.circuits();
  }

  async setCircuit(proxy: string, target: string, state: CircuitState) {
    return this.#ready.setCircuit(proxy, target, state);
  }

  async rateLimits() {
    return this.#ready.rateLimits();
  }

  async drains() {
    return this.#ready.drains();
  }

  async detach() {
    await this.#ready.detach();
    this.#onDetached();
  }
}
