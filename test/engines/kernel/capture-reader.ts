import { type BpfMap, RingBuffer } from '../../../src/libbpf/index.ts';
import type { CapturedRow } from '../model/capture.ts';
import { decodeCaptured } from '../rows/index.ts';

/** Reads what loaded programs capture. */
export class CaptureReader {
  readonly #records: Buffer[] = [];
  readonly #ring: RingBuffer;

  constructor(captures: BpfMap) {
    this.#ring = RingBuffer.on(
      captures,
      (record) => this.#records.push(record),
      (error) => {
        throw error;
      },
    );
  }

  /** What was captured since the last call: of one packet at most. @throws Error when it is more */
  read(): CapturedRow | undefined {
    this.#ring.consume();
    const [record, ...more] = this.#records.splice(0);
    if (more.length > 0) throw new Error(`a packet was captured ${more.length + 1} times`);
    return record && decodeCaptured(record);
  }

  close(): void {
    this.#ring.close();
  }
}
