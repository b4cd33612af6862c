import { exec, type Host } from '../host/index.ts';
import { endpoint, type Rival, type RivalSpec } from './rival.ts';

const PROTOCOL_FLAGS = ['-t', '-u'] as const;

/** Whether this machine has `ipvsadm`, and a kernel with IPVS; asks for its module. */
export async function hasIpvs(): Promise<boolean> {
  const found = await exec(['sh', '-c', 'ipvsadm --list --numeric']);
  return found.code === 0;
}

/**
 * Sets up IPVS (TCP and UDP, masquerading, weighted round robin) on the balancer host.
 * @throws SluiceError `kernel` with the words of `ipvsadm`, e.g. where {@link hasIpvs} says no
 */
export async function startIpvs(host: Host, spec: RivalSpec): Promise<Rival> {
  const service = endpoint(spec.listen);
  const rules = PROTOCOL_FLAGS.flatMap((flag) => [
    `-A ${flag} ${service} -s wrr`,
    ...spec.targets.map(
      (target) => `-a ${flag} ${service} -r ${endpoint(target)} -m -w ${target.weight ?? 1}`,
    ),
  ]);
  await host.run(['ipvsadm', '--restore'], { input: `${rules.join('\n')}\n` });
  const close = async () => {
    // A namespace that is gone took the services with it.
    for (const flag of PROTOCOL_FLAGS) await host.exec(['ipvsadm', '-D', flag, service]);
  };
  return { name: 'ipvs', close, [Symbol.asyncDispose]: close };
}
