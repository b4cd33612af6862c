import { availableParallelism } from 'node:os';
import { libbpfVersion, possibleCpus } from '../../../src/libbpf/index.ts';
import { CPUS } from '../machines.ts';
import { expectEqual } from './expect.ts';

/** libbpf is called through koffi, and counts CPUs that are not there yet. */
export async function checkCpus(): Promise<string> {
  expectEqual('CPUs', { online: availableParallelism(), possible: possibleCpus() }, CPUS);
  return `libbpf ${libbpfVersion()}`;
}
