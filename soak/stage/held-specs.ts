import type { Host } from '../../lab/index.ts';
import type { Plan } from '../plan.ts';
import type { HeldSpec } from '../programs/holder.ts';
import { type Family, type Service, servicesOf } from '../services.ts';

/** Below the ports of the short conversations, which come from the same address. */
const FIRST_SOURCE_PORT = 10_000;

/** The conversations that a client holds, spread over the services that are there for it. */
export function heldSpecs(
  plan: Plan,
  vip: Readonly<Record<Family, string>>,
  client: Host,
): readonly HeldSpec[] {
  const spread = (services: readonly Service[], count: number): readonly HeldSpec[] =>
    Array.from({ length: count }, (_, index) => services[index % services.length])
      .filter((service) => service !== undefined)
      .map((service, index) => ({
        service,
        address: vip[service.family],
        source: client[service.family],
        sourcePort: FIRST_SOURCE_PORT + index,
      }));
  return [
    ...spread(servicesOf('echo', 'tunnel', 'escorted', 'guest'), plan.heldTcp),
    ...spread(servicesOf('talk'), plan.heldUdp),
  ];
}
