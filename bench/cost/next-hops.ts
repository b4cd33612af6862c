import { setTimeout as sleep } from 'node:timers/promises';

/** How long a flow remembers its next hop (EPOCH_SHIFT in bpf/flow.h): until CLOCK_MONOTONIC is a multiple of this. */
const EPOCH_NS = 2 ** 30;
/** The coarse clock of the programs may be that much behind. */
const CLOCK_TICK_MS = 12;
const NS_PER_MS = 1e6;

/** Time that must be left of an epoch, ns: for renewing and a round of samples, or for the samples alone. */
const LEFT_TO_RENEW_NS = 0.8 * EPOCH_NS;
const LEFT_TO_SAMPLE_NS = 0.3 * EPOCH_NS;

/**
 * Keeps what flows remember. Once an epoch, XDP leaves a flow's packet to TC, which renews the memory; packets that
 * BPF_PROG_RUN hands to XDP never get there, so the bench must hand some to TC itself.
 */
export class NextHops {
  readonly #renew: () => void;
  #renewedEpoch = -1;

  /** @param renew hands a packet of every flow and direction to TC */
  constructor(renew: () => void) {
    this.#renew = renew;
  }

  /** Returns when every next hop is remembered, and will be for a while. */
  async ensure(): Promise<void> {
    const isRenewed = epochOf(nowNs()) === this.#renewedEpoch;
    const left = EPOCH_NS - (nowNs() % EPOCH_NS);
    if (isRenewed && left >= LEFT_TO_SAMPLE_NS) return;
    if (isRenewed || left < LEFT_TO_RENEW_NS) await sleep(left / NS_PER_MS + CLOCK_TICK_MS);
    this.#renewedEpoch = epochOf(nowNs());
    this.#renew();
  }
}

function nowNs(): number {
  return Number(process.hrtime.bigint());
}

function epochOf(ns: number): number {
  return Math.floor(ns / EPOCH_NS);
}
