import type { Page } from '../data/route.ts';

const PATHS: Readonly<Record<Page | 'sun' | 'moon' | 'auto' | 'out', string>> = {
  overview: 'M3 13h4l2.500-7 4.500 13 2.500-6H21',
  proxies: 'M4 12h5m0 0 5-6h6m-11 6 5 6h6m-3-15 3 3-3 3m0 6 3 3-3 3',
  connections: 'M4 8h13m0 0-3.500-3.500M17 8l-3.500 3.500M20 16H7m0 0 3.500-3.500M7 16l3.500 3.500',
  routes: 'M6 20v-6a5 5 0 0 1 5-5h7m0 0-4-4m4 4-4 4',
  events: 'M12 7v5l3.500 2M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z',
  config:
    'M4 7h9m5 0h2M4 17h2m5 0h9M13 7a2.500 2.500 0 1 0 5 0 2.500 2.500 0 0 0-5 0ZM6 17a2.500 2.500 0 1 0 5 0 2.500 2.500 0 0 0-5 0Z',
  sun: 'M12 3v2m0 14v2m9-9h-2M5 12H3m15.400-6.400-1.400 1.400M7 17l-1.400 1.400m12.800 0L17 17M7 7 5.600 5.600M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0Z',
  moon: 'M20 14.500A8.500 8.500 0 1 1 9.500 4a7 7 0 0 0 10.500 10.500Z',
  auto: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm0 0v18m0-4h7.500M12 13h9M12 9h8.500M12 5h5',
  out: 'M10 4H5v16h5m4-4 4-4-4-4m4 4H9',
};

/** A picture beside words that say the same. */
export function Icon({ name }: { readonly name: keyof typeof PATHS }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
