import {
  CAPTURE_BOUNDS,
  CAPTURE_HOOKS,
  type CaptureLine,
  type CaptureRequest,
  parseCaptureFilter,
} from '../capture/index.ts';
import { type PacketFilter, translateErrors } from '../datapath/index.ts';
import { SluiceError } from '../errors/index.ts';
import type { KernelSide } from './kernel-side.ts';
import { PacketNames } from './packet-names.ts';
import { type CaptureSource, RunningCapture } from './running-capture.ts';

const BOUNDED = ['bytes', 'oneIn', 'count', 'durationMs'] as const;

/** Captures of packets, one at a time: each costs every packet of the host something while it runs. */
export class PacketCaptures {
  readonly #captures: CaptureSource;
  readonly #names: PacketNames;
  readonly #stop: AbortSignal;
  #running: RunningCapture | null = null;
  #session = 0;

  /** Captures of a kernel's packets, which end with the signal. */
  static over(kernel: KernelSide, stop: AbortSignal): PacketCaptures {
    return new PacketCaptures(kernel.datapath.captures, new PacketNames(kernel), stop);
  }

  /** Ends what a daemon that died has left. */
  constructor(captures: CaptureSource, names: PacketNames, stop: AbortSignal) {
    this.#captures = captures;
    this.#names = names;
    this.#stop = stop;
    captures.stop();
  }

  /**
   * Packets as the data path sees them, before and after, from now on; until the request's bounds, the signal, or the reader
   * end it. @throws SluiceError as {@link start}, and of the kernel
   */
  async capture(request: CaptureRequest, signal?: AbortSignal): Promise<AsyncIterable<CaptureLine>> {
    const signals = signal === undefined ? [this.#stop] : [this.#stop, signal];
    return translateErrors('starting to capture', () => this.start(request, AbortSignal.any(signals)));
  }

  /**
   * Starts to capture; at most as long as the request says, until the signal aborts, or the reader leaves.
   * @throws SluiceError `usage` for a request that makes no sense, `not_found` when it names an interface without the programs,
   * `conflict` while another capture runs
   */
  start(request: CaptureRequest, signal: AbortSignal): AsyncIterable<CaptureLine> {
    const filter = this.#filterOf(request);
    if (this.#running !== null) throw inUse(this.#running);
    this.#session += 1;
    const running = new RunningCapture({
      captures: this.#captures,
      names: this.#names,
      filter,
      session: this.#session,
      headersOnly: request.bytes === undefined,
      count: request.count ?? CAPTURE_BOUNDS.count.preset,
      durationMs: request.durationMs ?? CAPTURE_BOUNDS.durationMs.preset,
      signal,
      onEnd: () => {
        this.#running = null;
      },
    });
    this.#running = running;
    return running;
  }

  #filterOf(request: CaptureRequest): PacketFilter {
    for (const name of BOUNDED) mustBeWithin(name, request[name]);
    return {
      tuple: parseCaptureFilter(request.filter ?? ''),
      hooks: request.hooks ?? CAPTURE_HOOKS,
      reasons: request.reasons ?? [],
      ifindex: request.interface === undefined ? 0 : this.#names.ifindex(request.interface),
      oneIn: request.oneIn ?? CAPTURE_BOUNDS.oneIn.preset,
      bytes: request.bytes ?? CAPTURE_BOUNDS.bytes.max,
    };
  }
}

function mustBeWithin(name: (typeof BOUNDED)[number], value: number | undefined): void {
  const { min, max } = CAPTURE_BOUNDS[name];
  if (value === undefined || (Number.isInteger(value) && value >= min && value <= max)) return;
  throw new SluiceError('usage', `${name} is ${value}; it is a whole number from ${min} to ${max}`);
}

function inUse({ endsAt }: RunningCapture): SluiceError {
  return new SluiceError(
    'conflict',
    `packets are being captured already, until ${endsAt.toISOString()} at the latest`,
    { fix: 'one capture runs at a time: wait for its end, or end it where it was started' },
  );
}
