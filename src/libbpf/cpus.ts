import { check } from './bpf-error.ts';
import { native } from './native.ts';

/** CPUs that may ever be online: a per-CPU map has one value for each. */
export function possibleCpus(): number {
  return check(native().possibleCpus(), 'counting the possible CPUs');
}

/** Version of the loaded libbpf, e.g. `v1.1`. */
export function libbpfVersion(): string {
  return native().version();
}
