import type { TargetWeightReport } from '../../../../src/report/index.ts';
import { trimmed } from '../../format/numbers.ts';

const NAMES = { health: 'Health', drain: 'Drain', circuit: 'Circuit', load: 'Load' } as const;
const MEANINGS: Readonly<Record<string, string>> = {
  drain: 'no new connections',
  maintenance: 'no new connections, no checks',
};
const ORDER = ['health', 'drain', 'circuit', 'load'] as const;

/** How a weight comes about: configured, times what each factor leaves of it. */
export function Why({ target }: { readonly target: TargetWeightReport }) {
  const { configuredWeight, effectiveWeight, factors } = target;
  const less = ORDER.filter((name) => factors[name].value < 1);
  const product = ORDER.reduce((weight, name) => weight * factors[name].value, configuredWeight);
  const isLastResort = Math.abs(product - effectiveWeight) > 1e-6;
  return (
    <div class="why">
      <span class="sum">
        {trimmed(configuredWeight)}
        {less.map((name) => ` × ${trimmed(factors[name].value)}`)}
        {less.length === 0 ? null : ` = ${trimmed(product)}`}
      </span>
      <ul>
        {less.length === 0 ? <li class="faint">as configured</li> : null}
        {less.map((name) => (
          <li key={name}>
            <b>
              {NAMES[name]} × {trimmed(factors[name].value)}
            </b>{' '}
            {MEANINGS[factors[name].reason] ?? factors[name].reason}
          </li>
        ))}
        {isLastResort ? (
          <li>Nobody else is left in the pool, so its weight of {trimmed(effectiveWeight)} stands.</li>
        ) : null}
      </ul>
    </div>
  );
}
