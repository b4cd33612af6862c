import type { Difference } from '../../../../src/config/index.ts';

const SIGNS = { add: '+', remove: '−', change: '~' } as const;
const VERBS = { add: 'add', remove: 'remove', change: 'change' } as const;
const SUBJECTS: Readonly<Record<Difference['subject'], string>> = {
  proxy: 'proxy',
  sourceRoute: 'source route',
  sniRoute: 'SNI route',
  target: 'target',
  weight: 'weight of',
  field: 'field',
  setting: 'setting',
  order: 'order of things',
};

/** What is not the same, one line for each. */
export function Differences({ differences }: { readonly differences: readonly Difference[] }) {
  return (
    <ul class="diff">
      {differences.map((each) => (
        <li key={JSON.stringify(each)} class={each.op}>
          <span aria-hidden="true">{SIGNS[each.op]}</span>
          <span>
            {VERBS[each.op]} {placeOf(each)}
          </span>
          <Values difference={each} />
        </li>
      ))}
    </ul>
  );
}

function Values({ difference: { from, to } }: { readonly difference: Difference }) {
  return (
    <span class="values">
      {from === null ? null : <del>{from}</del>}
      {from !== null && to !== null ? ' → ' : null}
      {to === null ? null : <ins>{to}</ins>}
    </span>
  );
}

function placeOf({ subject, proxy, pool, name }: Difference): string {
  const route = pool === null || pool === 'default' ? '' : ` (route ${pool})`;
  const where = proxy === null || subject === 'proxy' ? '' : ` of proxy ${proxy}${route}`;
  return `${SUBJECTS[subject]} ${name ?? (subject === 'proxy' ? proxy : '') ?? ''}${where}`;
}
