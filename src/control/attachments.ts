import { type Datapath, isUnsupportedHook } from '../datapath/index.ts';
import type { DesiredInterface } from './desired.ts';
import type { HostView } from './host-view.ts';

/** What became of the interfaces. */
export interface AttachResult {
  /** Interfaces that carry the programs now, with the mode that they really have. */
  readonly attached: readonly DesiredInterface[];
  readonly warnings: readonly string[];
  /** Takes the programs off the interfaces that did not have them before. */
  readonly undo: () => void;
}

/**
 * Brings the programs to the desired interfaces: to all, or on an error to none that had none before.
 * @throws SluiceError of the first interface that refuses
 */
export function attachInterfaces(datapath: Datapath, desired: readonly DesiredInterface[]): AttachResult {
  const fresh: number[] = [];
  const warnings: string[] = [];
  const undo = () => {
    for (const ifindex of fresh) datapath.detach(ifindex);
  };
  try {
    const attached = desired.map((entry) => {
      if (datapath.attachment(entry.ifindex) === null) fresh.push(entry.ifindex);
      return attachOne(datapath, entry, warnings);
    });
    allowRedirects(datapath, attached);
    return { attached, warnings, undo };
  } catch (error) {
    undo();
    throw error;
  }
}

/** Takes the programs off every other interface, also off ones that have gone. */
export function detachOthers(
  datapath: Datapath,
  attached: readonly DesiredInterface[],
  host: HostView,
): void {
  const wanted = new Set(attached.map(({ ifindex }) => ifindex));
  const pinned = datapath.pinnedIndexes();
  for (const ifindex of pinned) if (!wanted.has(ifindex)) datapath.detach(ifindex);
  for (const { index } of host.interfaces) {
    const isOther = !wanted.has(index) && !pinned.includes(index);
    if (isOther && datapath.attachment(index) !== null) datapath.detach(index);
  }
}

function attachOne(datapath: Datapath, entry: DesiredInterface, warnings: string[]): DesiredInterface {
  const current = datapath.attachment(entry.ifindex);
  // A mode that `auto` fell back to in an earlier life is as good as the one it would try first.
  if (current !== null && (current.mode === entry.mode || (entry.mayFallBack && current.mode === 'tc'))) {
    return { ...entry, mode: current.mode };
  }
  try {
    datapath.attach(entry.ifindex, entry.name, entry.mode);
    return entry;
  } catch (error) {
    if (!entry.mayFallBack || entry.mode === 'tc' || !isUnsupportedHook(error)) throw error;
    datapath.attach(entry.ifindex, entry.name, 'tc');
    warnings.push(`${entry.name}: native XDP is not possible (${messageOf(error)}); TC is used instead`);
    return { ...entry, mode: 'tc' };
  }
}

/**
 * XDP may send frames out only where an XDP program of the same kind sits: drivers set up their transmit queues
 * for XDP with the program. Native and generic do not mix.
 */
function allowRedirects(datapath: Datapath, attached: readonly DesiredInterface[]): void {
  const kind = attached.some(({ mode }) => mode === 'native') ? 'native' : 'generic';
  for (const { ifindex, mode } of attached) datapath.setXdpRedirect(ifindex, mode === kind);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
