import { check } from './bpf-error.ts';
import { native } from './native.ts';
import { mapTypeNumber, programTypeNumber } from './type-names.ts';

/** Whether the kernel loads programs of a type, e.g. `xdp`: it is tried, so it needs the capabilities for it. */
export function supportsProgramType(type: string): boolean {
  const result = native().probeProgramType(programTypeNumber(type), null);
  return check(result, `trying whether the kernel has ${type} programs`) === 1;
}

/** Whether the kernel creates maps of a type, e.g. `lru_hash`: it is tried, so it needs the capabilities for it. */
export function supportsMapType(type: string): boolean {
  const result = native().probeMapType(mapTypeNumber(type), null);
  return check(result, `trying whether the kernel has ${type} maps`) === 1;
}
