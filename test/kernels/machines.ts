/** Debian's names of the architectures that are emulated. */
export type Architecture = 'amd64' | 'arm64';

/** A kernel of Debian's on an emulated machine. */
export interface Machine {
  /** What `--only` and the table call it. */
  readonly name: string;
  readonly architecture: Architecture;
  /** Suite of Debian whose default kernel it is. */
  readonly suite: string;
  /** How `uname -r` begins. */
  readonly release: string;
  /** `serves`: everything must work. `refuses`: too old, Sluice must say so and touch nothing. */
  readonly expectation: 'serves' | 'refuses';
}

/** All machines, in the order in which they are booted. */
export const MACHINES: readonly Machine[] = [
  {
    name: '5.10-amd64',
    architecture: 'amd64',
    suite: 'bullseye',
    release: '5.10.',
    expectation: 'refuses',
  },
  { name: '6.1-amd64', architecture: 'amd64', suite: 'bookworm', release: '6.1.', expectation: 'serves' },
  { name: '6.12-amd64', architecture: 'amd64', suite: 'trixie', release: '6.12.', expectation: 'serves' },
  { name: '6.1-arm64', architecture: 'arm64', suite: 'bookworm', release: '6.1.', expectation: 'serves' },
];

/** Suite of the programs that run in every guest: the first with a Node that Sluice runs on. */
export const USERLAND_SUITE = 'trixie';

/** CPUs that a guest has at work, and CPUs that it could have: per-CPU maps have a value for each of these. */
export const CPUS = { online: 2, possible: 8 } as const;
