import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { relative } from 'node:path';
import { creatorOf, creatorOfInstance, currentCreator, isAlive } from '../naming.ts';
import { labOfProcess } from '../removal.ts';
import { type BpfObject, type BpfObjects, PIN_DIRECTORY } from './bpf-objects.ts';

/** Ids of programs, maps and links. */
type Ids = Readonly<Record<keyof BpfObjects, Set<number>>>;

const KIND_OF_LINE = { prog: 'programs', map: 'maps', link: 'links' } as const;

/**
 * What belongs to others: objects that a process holds which is neither this one, nor a descendant of it, nor of its labs;
 * or that are pinned by an instance of another live creator; and what those need. Other test files and other people use
 * the same kernel. Who is dead belongs to everybody.
 */
export function foreignObjects(objects: BpfObjects): Ids {
  const ids: Ids = { programs: new Set(), maps: new Set(), links: new Set() };
  for (const pid of foreignProcesses()) {
    for (const { kind, id } of heldBy(pid)) ids[kind].add(id);
  }
  for (const kind of ['programs', 'maps', 'links'] as const) {
    for (const { id, pinned } of objects[kind]) if (pinned.some(isForeignPin)) ids[kind].add(id);
  }
  for (const { programId } of belonging(objects.links, ids.links)) {
    if (programId !== undefined) ids.programs.add(programId);
  }
  for (const { mapIds } of belonging(objects.programs, ids.programs)) {
    for (const id of mapIds) ids.maps.add(id);
  }
  return ids;
}

/** Whether a path below the pin directory belongs to an instance of another live creator. */
export function isForeignPin(path: string): boolean {
  const [instance = ''] = relative(PIN_DIRECTORY, path).split('/');
  const creator = creatorOfInstance(instance);
  return creator !== undefined && isForeign(creator);
}

/** Labs and instances of other live processes come and go while a test runs; they are not its leaks. */
export function isForeign(creator: { readonly pid: number; readonly startTicks: string }): boolean {
  const self = currentCreator();
  const isMine = creator.pid === self.pid && creator.startTicks === self.startTicks;
  return !isMine && isAlive(creator);
}

function belonging(objects: readonly BpfObject[], ids: ReadonlySet<number>): readonly BpfObject[] {
  return objects.filter(({ id }) => ids.has(id));
}

function foreignProcesses(): readonly number[] {
  const pids = entries('/proc').filter((name) => /^\d+$/.test(name));
  const parents = new Map(pids.map((pid) => [Number(pid), parentOf(pid)]));
  const isOurs = (pid: number | undefined): boolean =>
    pid !== undefined && pid !== 0 && (pid === process.pid || isOurs(parents.get(pid)));
  return [...parents.keys()].filter((pid) => {
    const lab = labOfProcess(pid);
    const creator = lab === undefined ? undefined : creatorOf(lab);
    return creator === undefined ? !isOurs(pid) : isForeign(creator);
  });
}

/** The kernel tells of a descriptor that is a BPF object which one it is; a link names itself first, then its program. */
function heldBy(pid: number): readonly { readonly kind: keyof BpfObjects; readonly id: number }[] {
  const folder = `/proc/${pid}/fd`;
  return entries(folder).flatMap((fd) => {
    if (!quietly(() => readlinkSync(`${folder}/${fd}`)).startsWith('anon_inode:bpf')) return [];
    const text = quietly(() => readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'latin1'));
    const { kind, id } = /^(?<kind>prog|map|link)_id:\s+(?<id>\d+)$/m.exec(text)?.groups ?? {};
    if (kind !== 'prog' && kind !== 'map' && kind !== 'link') return [];
    return [{ kind: KIND_OF_LINE[kind], id: Number(id) }];
  });
}

function parentOf(pid: string): number | undefined {
  const stat = quietly(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  const parent = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
  return parent === undefined ? undefined : Number(parent);
}

function entries(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** Processes and descriptors go while one looks. */
function quietly(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
