import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { creatorOf } from '../naming.ts';
import { labNamespaces, labProcesses } from '../removal.ts';
import { type BpfObjects, listBpfObjects, PIN_DIRECTORY } from './bpf-objects.ts';
import { foreignObjects, isForeign, isForeignPin } from './foreign.ts';

/** Everything that a test could leave behind, each as a list of readable names. */
export interface KernelSnapshot {
  /** Namespaces of labs whose creator is this process or dead. */
  readonly namespaces: readonly string[];
  /** Processes of such labs. */
  readonly processes: readonly string[];
  readonly programs: readonly string[];
  readonly maps: readonly string[];
  readonly links: readonly string[];
  /** Paths under the pin directory. */
  readonly pins: readonly string[];
}

/** Records all that exists now. @throws SluiceError `kernel` when bpftool fails. */
export async function snapshotKernel(pinDirectory = PIN_DIRECTORY): Promise<KernelSnapshot> {
  return snapshotOf(await listBpfObjects(), paths(pinDirectory));
}

/** The same without what belongs to others, which comes and goes. @throws SluiceError `kernel` when bpftool fails. */
export async function snapshotOwn(): Promise<KernelSnapshot> {
  const objects = await listBpfObjects();
  const foreign = foreignObjects(objects);
  const own = (kind: keyof BpfObjects) => objects[kind].filter(({ id }) => !foreign[kind].has(id));
  return snapshotOf(
    { programs: own('programs'), maps: own('maps'), links: own('links') },
    paths(PIN_DIRECTORY).filter((path) => !isForeignPin(path)),
  );
}

function snapshotOf({ programs, maps, links }: BpfObjects, pins: readonly string[]): KernelSnapshot {
  return {
    namespaces: labNamespaces().filter(isOurs),
    processes: labProcesses()
      .filter(({ id }) => isOurs(id))
      .map(({ pid, id }) => `${pid} (${id})`),
    programs: programs.map(({ title }) => title),
    maps: maps.map(({ title }) => title),
    links: links.map(({ title }) => title),
    pins,
  };
}

function isOurs(name: string): boolean {
  const creator = creatorOf(name);
  return creator !== undefined && !isForeign(creator);
}

function paths(directory: string): readonly string[] {
  try {
    return readdirSync(directory, { recursive: true, encoding: 'utf8' }).map((path) => join(directory, path));
  } catch {
    return [];
  }
}
