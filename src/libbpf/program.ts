import { check } from './bpf-error.ts';
import { type ProgramInfo, readProgramInfo } from './info.ts';
import { native } from './native.ts';
import { OwnedFd } from './owned-fd.ts';
import { openPin, pinFd } from './pin.ts';
import { type RunOptions, type RunResult, runProgram, runProgramAsync } from './program-run.ts';

/** A loaded program, through a descriptor of its own. */
export class BpfProgram implements Disposable {
  readonly fd: OwnedFd;
  readonly #type: string;

  private constructor(fd: OwnedFd) {
    this.fd = fd;
    this.#type = readProgramInfo(fd).type;
  }

  /** Takes the descriptor over: it is closed with the program, or now when the kernel does not know it. */
  static adopt(fd: OwnedFd): BpfProgram {
    try {
      return new BpfProgram(fd);
    } catch (error) {
      fd.close();
      throw error;
    }
  }

  /** Opens a pinned program. @throws {BpfError} `not_found` */
  static fromPin(path: string): BpfProgram {
    return BpfProgram.adopt(openPin(path, 'program'));
  }

  /** Opens a program by its id. @throws {BpfError} `not_found` */
  static fromId(id: number): BpfProgram {
    const fd = check(native().programFdById(id), `opening the program with id ${id}`);
    return BpfProgram.adopt(new OwnedFd(fd, `program ${id}`));
  }

  /** What the kernel says of it now. */
  get info(): ProgramInfo {
    return readProgramInfo(this.fd);
  }

  /** Runs it once, or `repeat` times, on the calling thread (BPF_PROG_RUN). @throws {BpfError} */
  run(options: RunOptions = {}): RunResult {
    return runProgram(this.fd, this.#type, options);
  }

  /** The same on a worker thread, for runs that take milliseconds. @throws {BpfError} */
  runAsync(options: RunOptions = {}): Promise<RunResult> {
    return runProgramAsync(this.fd, this.#type, options);
  }

  /** Pins it in a mounted bpffs. @throws {BpfError} `exists` */
  pin(path: string): void {
    pinFd(this.fd, path);
  }

  /** Closes the descriptor; the program lives on while it is attached or pinned. */
  close(): void {
    this.fd.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
