import type { Snapshot } from '../data/store.ts';
import { BalancerEvents } from './events/balancer-events.tsx';
import { FlowEvents } from './events/flow-events.tsx';
import { KindSwitch } from './events/kind-switch.tsx';

interface EventsProps {
  readonly known: Snapshot;
  readonly query: Readonly<Record<string, string>>;
}

/** What happens, as it happens: to the balancer, or to single connections. */
export function EventsPage({ known, query }: EventsProps) {
  const of = query.of === 'connections' ? query.of : '';
  return (
    <>
      <KindSwitch of={of} />
      {of === '' ? <BalancerEvents query={query} /> : <FlowEvents known={known} query={query} />}
    </>
  );
}
