import { describe, expect, it } from 'vitest';
import type { HookMode } from '../datapath/index.ts';
import { SluiceError } from '../errors/index.ts';
import { BpfError } from '../libbpf/index.ts';
import { type Attacher, attachInterfaces, detachOthers } from './attachments.ts';
import type { DesiredInterface } from './desired.ts';
import { hostInterface, hostView } from './host.fixture.ts';

const FOREIGN = new SluiceError('conflict', 'there is a foreign XDP program');
const NO_NATIVE = new SluiceError('unsupported', 'the driver has no native XDP', {
  cause: new BpfError('unsupported', 'attaching XDP'),
});

/** Interfaces by index with the mode that they are attached in; `refuses` says what goes wrong. */
class FakeAttacher implements Attacher {
  readonly modes: Map<number, HookMode>;
  readonly redirects = new Set<number>();
  readonly #refuses: (ifindex: number, mode: HookMode) => Error | null;

  constructor(modes: readonly [number, HookMode][] = [], refuses: FakeAttacher['refuses'] = () => null) {
    this.modes = new Map(modes);
    this.#refuses = refuses;
  }

  get refuses() {
    return this.#refuses;
  }

  attach(ifindex: number, _name: string, mode: HookMode): void {
    const error = this.#refuses(ifindex, mode);
    if (error !== null) throw error;
    this.modes.set(ifindex, mode);
  }

  detach(ifindex: number): void {
    this.modes.delete(ifindex);
    this.redirects.delete(ifindex);
  }

  attachment(ifindex: number) {
    const mode = this.modes.get(ifindex);
    return mode === undefined ? null : { ifindex, mode };
  }

  pinnedIndexes(): number[] {
    return [...this.modes.keys()];
  }

  setDevice(ifindex: number, { xdpRedirect }: Parameters<Attacher['setDevice']>[1]): void {
    if (xdpRedirect) this.redirects.add(ifindex);
    else this.redirects.delete(ifindex);
  }
}

function wanted(ifindex: number, mode: HookMode, mayFallBack = false): DesiredInterface {
  return { name: `eth${ifindex}`, ifindex, mac: '02:00:00:00:00:01', role: 'listen', mode, mayFallBack };
}

describe('attachInterfaces', () => {
  it('attaches all, and touches nothing that is attached as it should be', () => {
    const attacher = new FakeAttacher([[2, 'tc']], (ifindex) => (ifindex === 2 ? FOREIGN : null));
    const { attached, warnings } = attachInterfaces(attacher, [wanted(2, 'tc'), wanted(3, 'native')]);
    expect([...attacher.modes]).toEqual([
      [2, 'tc'],
      [3, 'native'],
    ]);
    expect(attached.map(({ mode }) => mode)).toEqual(['tc', 'native']);
    expect(warnings).toEqual([]);
  });

  it('puts everything back when one interface refuses, also modes that it had changed', () => {
    const refuses = (ifindex: number) => (ifindex === 4 ? FOREIGN : null);
    const attacher = new FakeAttacher([[2, 'tc']], refuses);
    const all = [wanted(2, 'native'), wanted(3, 'native'), wanted(4, 'native')];
    expect(() => attachInterfaces(attacher, all)).toThrow(FOREIGN);
    expect([...attacher.modes]).toEqual([[2, 'tc']]);
    expect([...attacher.redirects]).toEqual([]);
  });

  it('can be undone as a whole later', () => {
    const attacher = new FakeAttacher([[2, 'generic']]);
    attachInterfaces(attacher, [wanted(2, 'native'), wanted(3, 'native')]).undo();
    expect([...attacher.modes]).toEqual([[2, 'generic']]);
    expect([...attacher.redirects]).toEqual([2]);
  });

  it('falls back to TC where native XDP is not possible, when nobody asked for it by name', () => {
    const refuses = (_ifindex: number, mode: HookMode) => (mode === 'native' ? NO_NATIVE : null);
    const attacher = new FakeAttacher([], refuses);
    const { attached, warnings } = attachInterfaces(attacher, [wanted(2, 'native', true)]);
    expect(attached[0]?.mode).toBe('tc');
    expect(warnings).toEqual([
      'eth2: native XDP is not possible (the driver has no native XDP); TC is used instead',
    ]);
    expect(() => attachInterfaces(new FakeAttacher([], refuses), [wanted(2, 'native')])).toThrow(NO_NATIVE);
  });

  it('does not push a foreign program aside by falling back', () => {
    const attacher = new FakeAttacher([], (_ifindex, mode) => (mode === 'native' ? FOREIGN : null));
    expect(() => attachInterfaces(attacher, [wanted(2, 'native', true)])).toThrow(FOREIGN);
  });

  it('stays with what it fell back to in an earlier life', () => {
    const attacher = new FakeAttacher([[2, 'tc']], () => NO_NATIVE);
    expect(attachInterfaces(attacher, [wanted(2, 'native', true)]).attached[0]?.mode).toBe('tc');
  });

  it.each<[HookMode[], number[]]>([
    [
      ['native', 'native'],
      [2, 3],
    ],
    [['native', 'tc'], [2]],
    [
      ['generic', 'generic'],
      [2, 3],
    ],
    // Native and generic do not mix.
    [['native', 'generic'], [2]],
    [['tc', 'tc'], []],
  ])('lets XDP send frames only to interfaces with XDP of its kind: %j to %j', (modes, expected) => {
    const attacher = new FakeAttacher();
    attachInterfaces(
      attacher,
      modes.map((mode, index) => wanted(index + 2, mode)),
    );
    expect([...attacher.redirects]).toEqual(expected);
  });
});

describe('detachOthers', () => {
  it('lets every other interface go, also one that is not there any more', () => {
    const attacher = new FakeAttacher([
      [2, 'tc'],
      [3, 'tc'],
      [99, 'tc'],
    ]);
    const host = hostView([hostInterface('eth2', 2), hostInterface('eth3', 3)]);
    expect(detachOthers(attacher, [wanted(2, 'tc')], host)).toEqual([]);
    expect([...attacher.modes.keys()]).toEqual([2]);
  });

  it('goes on when one cannot be let go, and tells', () => {
    class Sticky extends FakeAttacher {
      override detach(ifindex: number): void {
        if (ifindex === 3) throw new Error('no memory');
        super.detach(ifindex);
      }
    }
    const attacher = new Sticky([
      [3, 'tc'],
      [4, 'tc'],
    ]);
    const warnings = detachOthers(
      attacher,
      [],
      hostView([hostInterface('eth3', 3), hostInterface('eth4', 4)]),
    );
    expect(warnings).toEqual(['eth3 keeps the programs for now, which is tried again: no memory']);
    expect([...attacher.modes.keys()]).toEqual([3]);
  });
});
