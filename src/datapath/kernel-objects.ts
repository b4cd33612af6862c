import { basename } from 'node:path';
import { SluiceError } from '../errors/index.ts';
import { BpfError, BpfMap, BpfObject, BpfProgram } from '../libbpf/index.ts';
import { translateErrors } from './errors.ts';
import { type LoadOptions, objectPath } from './object-file.ts';
import type { PinFolder } from './pins.ts';

const MAP_NAMES = {
  listeners: 'listeners',
  sourceRoutes: 'source_routes',
  pools: 'pools',
  slots: 'slots',
  targets: 'targets',
  proxyNames: 'proxy_names',
  flows: 'flows',
  pending: 'pending',
  fragments: 'fragments',
  devices: 'devices',
  targetStats: 'target_stats',
  reasonStats: 'reason_stats',
  targetActive: 'target_active',
  metadata: 'metadata',
  drafts: 'drafts',
} as const;

const PROGRAM_NAMES = {
  xdpIngress: 'xdp_ingress',
  tcIngress: 'tc_ingress',
  tcEgress: 'tc_egress',
  sweep: 'sweep',
} as const;

/** Every map of the data path. */
export type DatapathMaps = Readonly<Record<keyof typeof MAP_NAMES, BpfMap>>;
/** Every program. */
export type DatapathPrograms = Readonly<Record<keyof typeof PROGRAM_NAMES, BpfProgram>>;

/** Sizes of the tables that the settings choose, in entries (two a flow). */
export interface TableSizes {
  readonly flows: number;
  readonly pending: number;
}

/** Maps and programs of one instance, with descriptors of their own. */
export interface KernelObjects {
  readonly maps: DatapathMaps;
  readonly programs: DatapathPrograms;
}

/** True when every map and program is pinned: the daemon that made them got that far. */
export function isComplete(pins: PinFolder): boolean {
  const has = (kind: 'maps' | 'programs', names: readonly string[]) => {
    const pinned = pins.names(kind);
    return names.every((name) => pinned.includes(name));
  };
  return has('maps', Object.values(MAP_NAMES)) && has('programs', Object.values(PROGRAM_NAMES));
}

/** Loads fresh maps and programs and pins them. @throws SluiceError with the verifier's or the kernel's reason. */
export function createObjects(pins: PinFolder, sizes: TableSizes, options: LoadOptions): KernelObjects {
  return translateErrors('loading the data path', () => {
    using object = openObject(options);
    object.map(MAP_NAMES.flows).setMaxEntries(sizes.flows);
    object.map(MAP_NAMES.pending).setMaxEntries(sizes.pending);
    object.load();
    const objects = take(object);
    pins.create();
    for (const [key, map] of Object.entries(objects.maps)) map.pin(pins.pin('maps', mapName(key)));
    pinPrograms(pins, objects.programs);
    return objects;
  });
}

/** Opens what is pinned. */
export function openObjects(pins: PinFolder): KernelObjects {
  return translateErrors('adopting the data path', () => ({
    maps: fromEntries(MAP_NAMES, (name) => BpfMap.fromPin(pins.pin('maps', name))),
    programs: fromEntries(PROGRAM_NAMES, (name) => BpfProgram.fromPin(pins.pin('programs', name))),
  }));
}

/**
 * Loads this version's programs on top of the pinned maps. They are not pinned yet: see {@link pinPrograms}.
 * @throws SluiceError `conflict` when the maps have another layout
 */
export function loadOnto(pins: PinFolder, options: LoadOptions): DatapathPrograms {
  try {
    return translateErrors('replacing the programs', () => {
      using object = openObject(options);
      for (const name of Object.values(MAP_NAMES)) object.map(name).reusePinned(pins.pin('maps', name));
      object.load();
      return fromEntries(PROGRAM_NAMES, (name) => object.openProgram(name));
    });
  } catch (error) {
    throw error instanceof SluiceError && isMismatch(error)
      ? incompatible(basename(pins.path), error.message, error)
      : error;
  }
}

/** Pins programs, in the place of the ones that are pinned. */
export function pinPrograms(pins: PinFolder, programs: DatapathPrograms): void {
  for (const [key, program] of Object.entries(programs)) {
    pins.replace('programs', programName(key), (path) => program.pin(path));
  }
}

/** Closes every descriptor; what is pinned or attached lives on. */
export function closeObjects({ maps, programs }: KernelObjects): void {
  for (const map of Object.values(maps)) map.close();
  closePrograms(programs);
}

/** Closes the programs' descriptors. */
export function closePrograms(programs: DatapathPrograms): void {
  for (const program of Object.values(programs)) program.close();
}

function openObject(options: LoadOptions): BpfObject {
  const object = BpfObject.open(objectPath());
  object.setRodata({ snat_port_min: options.snatPorts.first, snat_port_count: options.snatPorts.count });
  return object;
}

function take(object: BpfObject): KernelObjects {
  return {
    maps: fromEntries(MAP_NAMES, (name) => object.openMap(name)),
    programs: fromEntries(PROGRAM_NAMES, (name) => object.openProgram(name)),
  };
}

function fromEntries<K extends string, T>(
  names: Readonly<Record<K, string>>,
  make: (name: string) => T,
): Readonly<Record<K, T>> {
  const entries = Object.entries<string>(names).map(([key, name]) => [key, make(name)]);
  return Object.fromEntries(entries);
}

function mapName(key: string): string {
  return Object.entries(MAP_NAMES).find(([known]) => known === key)?.[1] ?? key;
}

function programName(key: string): string {
  return Object.entries(PROGRAM_NAMES).find(([known]) => known === key)?.[1] ?? key;
}

function isMismatch(error: SluiceError): boolean {
  return error.cause instanceof BpfError && error.cause.code === 'mismatch';
}

/** What is pinned was made by a version whose tables this one cannot take over. */
export function incompatible(instance: string, why: string, cause?: unknown): SluiceError {
  return new SluiceError(
    'conflict',
    `what is in the kernel was made by a version with other tables: ${why}`,
    {
      fix: `sluice detach --instance ${instance}, then start again (this cuts its connections)`,
      cause,
    },
  );
}
