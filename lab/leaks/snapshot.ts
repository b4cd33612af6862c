import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { run } from '../host/index.ts';
import { creatorOf, currentCreator, isAlive } from '../naming.ts';
import { labNamespaces, labProcesses } from '../removal.ts';

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

/** A type that bpftool is too old to name is a number. */
const type = z.union([z.string(), z.number()]);
const objects = z.array(z.object({ id: z.number(), type, name: z.string().optional() }));

/** Where Sluice pins its objects. */
export const PIN_DIRECTORY = '/sys/fs/bpf/sluice';

/** Records what exists now. @throws SluiceError `kernel` when bpftool fails. */
export async function snapshotKernel(pinDirectory = PIN_DIRECTORY): Promise<KernelSnapshot> {
  const [programs, maps, links] = await Promise.all([
    bpfObjects('prog'),
    bpfObjects('map'),
    bpfObjects('link'),
  ]);
  return {
    namespaces: labNamespaces().filter(isOurs),
    processes: labProcesses()
      .filter(({ id }) => isOurs(id))
      .map(({ pid, id }) => `${pid} (${id})`),
    programs,
    maps,
    links,
    pins: paths(pinDirectory),
  };
}

/** Labs of other live processes come and go while a test runs; they are not its leaks. */
function isOurs(name: string): boolean {
  const creator = creatorOf(name);
  if (!creator) return false;
  const self = currentCreator();
  const mine = creator.pid === self.pid && creator.startTicks === self.startTicks;
  return mine || !isAlive(creator);
}

async function bpfObjects(kind: 'prog' | 'map' | 'link'): Promise<readonly string[]> {
  const stdout = await run(['bpftool', '-j', kind, 'list']);
  return objects
    .parse(JSON.parse(stdout || '[]'))
    .map(({ id, type, name }) => `${id} ${type} ${name ?? ''}`.trim());
}

function paths(directory: string): readonly string[] {
  try {
    return readdirSync(directory, { recursive: true, encoding: 'utf8' }).map((path) => join(directory, path));
  } catch {
    return [];
  }
}
