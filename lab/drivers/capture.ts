import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Host, OwnedProcess } from '../host/index.ts';
import { type CapturedFrame, type DecodedFrame, decodeFrame, parsePcap } from '../packet/index.ts';
import { until } from '../services/index.ts';

/** How long packets that are on their way may take into the capture. */
const SETTLE_MS = 150;

/** Ring of a capture. It has as many slots as frames of `snapBytes` fit: 1,000 whole ones, half a million of 128 bytes. */
const RING_KIB = 65_536;

/** What to capture. */
export interface CaptureOptions {
  /** Interface of the host, e.g. `front0`. */
  readonly interface: string;
  /** A pcap filter expression; default everything. */
  readonly filter?: string;
  /** Direction as the host sees it; default both. */
  readonly direction?: 'in' | 'out';
  /** Bytes kept of each frame; default all, which leaves room for bursts of a few hundred frames only. */
  readonly snapBytes?: number;
}

/** A running tcpdump. */
export class Capture implements AsyncDisposable {
  readonly #process: OwnedProcess;
  readonly #file: string;

  private constructor(process: OwnedProcess, file: string) {
    this.#process = process;
    this.#file = file;
  }

  /** Starts to capture on an interface; packets from now on are kept. @throws SluiceError `internal` with tcpdump's words. */
  static async start(host: Host, options: CaptureOptions): Promise<Capture> {
    const file = join(host.owner.directory, `capture-${randomBytes(4).toString('hex')}.pcap`);
    const process = host.spawn([
      ...['tcpdump', '-i', options.interface, '-w', file, '-s', String(options.snapBytes ?? 0)],
      ...['--immediate-mode', '--packet-buffered', '-B', String(RING_KIB), '-n', '-Z', 'root'],
      ...(options.direction ? ['-Q', options.direction] : []),
      ...(options.filter ? [options.filter] : []),
    ]);
    await until(() => process.stderr.includes('listening on'), process);
    return new Capture(process, file);
  }

  /**
   * Ends the capture and returns its frames as bytes.
   * @throws Error when the kernel dropped frames, because what is missing cannot be judged.
   */
  async frames(): Promise<readonly CapturedFrame[]> {
    await sleep(SETTLE_MS);
    await this.#process.close();
    const dropped = Number(/(\d+) packets? dropped by kernel/.exec(this.#process.stderr)?.[1] ?? 0);
    if (dropped > 0) throw new Error(`the capture lost ${dropped} frames`);
    return parsePcap(await readFile(this.#file));
  }

  /** Ends the capture and returns its frames taken apart. @throws like {@link frames}. */
  async decoded(): Promise<readonly DecodedFrame[]> {
    return (await this.frames()).map((frame) => decodeFrame(frame.bytes));
  }

  /** Ends the capture without reading it. */
  close(): Promise<void> {
    return this.#process.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
