import { release } from 'node:os';
import { BpfError } from './bpf-error.ts';

/** Features that newer kernels brought, and the first kernel that has each. */
export const FIRST_KERNEL = {
  /** Links that attach XDP programs. */
  xdpLink: '5.9',
  /** `bpf_map_lookup_batch` and its family. */
  mapBatch: '5.6',
  ringBuffer: '5.8',
  /** `SEC("syscall")` programs. */
  syscallProgram: '5.14',
  /** `BPF_F_TEST_XDP_LIVE_FRAMES`. */
  liveFrames: '5.18',
  /** Sleepable programs may use hash maps that are not preallocated. */
  sleepableNoPrealloc: '6.1',
  /** TC programs attached by links. */
  tcx: '6.6',
} as const;

/** Name of a feature in {@link FIRST_KERNEL}. */
export type KernelFeature = keyof typeof FIRST_KERNEL;

/** Compares two kernel releases by major and minor number: negative when `a` is older. */
export function compareKernels(a: string, b: string): number {
  const [aMajor, aMinor] = majorMinor(a);
  const [bMajor, bMinor] = majorMinor(b);
  return aMajor - bMajor || aMinor - bMinor;
}

/** Whether a kernel is new enough by its version; a distribution may have backported more. */
export function kernelHas(feature: KernelFeature, running: string = release()): boolean {
  return compareKernels(running, FIRST_KERNEL[feature]) >= 0;
}

/** The typed answer for a feature that the running kernel lacks. */
export function unsupportedFeature(feature: KernelFeature, what: string, errno?: number): BpfError {
  const needsKernel = FIRST_KERNEL[feature];
  return new BpfError('unsupported', what, {
    errno,
    needsKernel,
    detail: `needs kernel >= ${needsKernel}, this is ${release()}`,
  });
}

function majorMinor(version: string): readonly [number, number] {
  const match = /^(\d+)\.(\d+)/.exec(version);
  return match ? [Number(match[1]), Number(match[2])] : [0, 0];
}
