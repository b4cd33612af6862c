import { formatRoute } from '../../data/route.ts';

const KINDS = [
  ['', 'The balancer', 'health, drains, names, configurations'],
  ['connections', 'Connections', 'each that comes and goes'],
] as const;

/** Switches between what happens to the balancer and what happens to single connections. */
export function KindSwitch({ of }: { readonly of: string }) {
  return (
    <nav class="kinds" aria-label="Events of">
      {KINDS.map(([kind, name, meaning]) => (
        <a
          key={kind}
          href={formatRoute({ page: 'events', query: { of: kind } })}
          aria-current={kind === of ? 'true' : undefined}
        >
          <b>{name}</b> <small>{meaning}</small>
        </a>
      ))}
    </nav>
  );
}
