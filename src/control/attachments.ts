import { type Attachment, type Datapath, isUnsupportedHook, translateErrors } from '../datapath/index.ts';
import { takeBack } from '../errors/index.ts';
import type { DesiredInterface } from './desired.ts';
import type { HostView } from './host-view.ts';

/** The part of the data path that has to do with interfaces. */
export type Attacher = Pick<Datapath, 'attach' | 'attachment' | 'detach' | 'pinnedIndexes' | 'setDevice'>;

/** What became of the interfaces. */
export interface AttachResult {
  /** Interfaces that carry the programs now, with the mode that they really have. */
  readonly attached: readonly DesiredInterface[];
  readonly warnings: readonly string[];
  /** Puts every interface back to how it was. */
  readonly undo: () => void;
}

/**
 * Brings the programs to the desired interfaces: to all, or on an error every interface is as it was before.
 * @throws SluiceError of the first interface that refuses
 */
export function attachInterfaces(datapath: Attacher, desired: readonly DesiredInterface[]): AttachResult {
  const warnings: string[] = [];
  const before = desired.map((entry) => ({ entry, was: datapath.attachment(entry.ifindex) }));
  const undo = () => restore(datapath, before);
  try {
    return translateErrors('attaching interfaces', () => {
      const attached = before.map(({ entry, was }) => attachOne(datapath, entry, was, warnings));
      allowRedirects(datapath, attached);
      return { attached, warnings, undo };
    });
  } catch (error) {
    throw takeBack(error, [{ where: 'interfaces', work: undo }]);
  }
}

interface Before {
  readonly entry: DesiredInterface;
  readonly was: Attachment | null;
}

function restore(datapath: Attacher, before: readonly Before[]): void {
  for (const { entry, was } of before) {
    const now = datapath.attachment(entry.ifindex);
    if (was === null && now !== null) datapath.detach(entry.ifindex);
    if (was !== null && now?.mode !== was.mode) datapath.attach(entry.ifindex, entry.name, was.mode);
  }
  allowRedirects(
    datapath,
    before.flatMap(({ entry, was }) => (was === null ? [] : [{ ...entry, mode: was.mode }])),
  );
}

/**
 * Takes the programs off every other interface, also off ones that have gone. Where that fails they do no harm, as they act
 * on what the tables name only; a warning for each tells.
 */
export function detachOthers(
  datapath: Attacher,
  attached: readonly DesiredInterface[],
  host: HostView,
): readonly string[] {
  const wanted = new Set(attached.map(({ ifindex }) => ifindex));
  const pinned = datapath.pinnedIndexes();
  const candidates = new Set([...pinned, ...host.interfaces.map(({ index }) => index)]);
  const others = [...candidates].filter((ifindex) => !wanted.has(ifindex));
  return others.flatMap((ifindex) => {
    try {
      if (pinned.includes(ifindex) || datapath.attachment(ifindex) !== null) datapath.detach(ifindex);
      return [];
    } catch (error) {
      const name = host.interfaces.find(({ index }) => index === ifindex)?.name ?? `interface ${ifindex}`;
      return [`${name} keeps the programs for now, which is tried again: ${messageOf(error)}`];
    }
  });
}

function attachOne(
  datapath: Attacher,
  entry: DesiredInterface,
  was: Attachment | null,
  warnings: string[],
): DesiredInterface {
  // A mode that `auto` fell back to in an earlier life is as good as the one it would try first.
  if (was !== null && (was.mode === entry.mode || (entry.mayFallBack && was.mode === 'tc'))) {
    return { ...entry, mode: was.mode };
  }
  // No XDP program sends frames to where another is about to go.
  datapath.setDevice(entry.ifindex, { mac: entry.mac, xdpRedirect: false });
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
function allowRedirects(
  datapath: Attacher,
  attached: readonly Pick<DesiredInterface, 'ifindex' | 'mode' | 'mac'>[],
): void {
  const kind = attached.some(({ mode }) => mode === 'native') ? 'native' : 'generic';
  for (const { ifindex, mode, mac } of attached) {
    datapath.setDevice(ifindex, { mac, xdpRedirect: mode === kind });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
