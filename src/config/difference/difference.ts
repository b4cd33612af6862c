/** What a {@link Difference} is about. */
export type DifferenceSubject =
  | 'proxy'
  | 'sourceRoute'
  | 'sniRoute'
  | 'target'
  | 'weight'
  /** A field of a proxy, a route or a target. */
  | 'field'
  | 'setting'
  /** Nothing but the order of proxies, routes or targets. */
  | 'order';

/** One thing that is not the same in two configurations. */
export interface Difference {
  readonly op: 'add' | 'remove' | 'change';
  readonly subject: DifferenceSubject;
  /** The proxy that it is in; null for settings. */
  readonly proxy: string | null;
  /** The pool that it is in, `default` or what the route matches; null where it is in none. */
  readonly pool: string | null;
  /** The target, field or setting that it is about; null where proxy or pool say all. */
  readonly name: string | null;
  /** What it was and what it is; null where there is none. Texts as they are, other values as JSON. */
  readonly from: string | null;
  readonly to: string | null;
}

const MAX_SHOWN = 60;

/** A difference in words, without what was done: `proxy web, target 10.0.0.1:80: weight 50 -> 40`. */
export function describeDifference(difference: Difference): string {
  const { subject, proxy, pool, name } = difference;
  const route = pool === null || pool === 'default' ? '' : `, route ${pool}`;
  const of = `proxy ${proxy}${route}`;
  switch (subject) {
    case 'proxy':
    case 'sourceRoute':
    case 'sniRoute':
      return `${of}${values(difference)}`;
    case 'target':
      return `${of}, target ${name}${values(difference)}`;
    case 'weight':
      return `${of}, target ${name}: weight ${arrow(difference)}`;
    case 'field':
      return `${of}, ${name}: ${arrow(difference)}`;
    case 'setting':
      return `settings.${name}: ${arrow(difference)}`;
    case 'order':
      return 'the order of proxies, routes or targets';
  }
}

function values({ from, to }: Difference): string {
  const value = to ?? from;
  return value === null ? '' : `: ${shortened(value)}`;
}

function arrow({ op, from, to }: Difference): string {
  if (op === 'change') return `${shortened(from ?? '')} -> ${shortened(to ?? '')}`;
  return shortened(to ?? from ?? '');
}

function shortened(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}...` : text;
}
