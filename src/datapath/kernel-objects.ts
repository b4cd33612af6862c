import { basename } from 'node:path';
import { SluiceError } from '../errors/index.ts';
import { BpfError, BpfMap, BpfObject, BpfProgram, kernelHas, MAP_NO_PREALLOC } from '../libbpf/index.ts';
import { translateErrors } from './errors.ts';
import { type LoadOptions, objectPath } from './object-file.ts';
import type { PinFolder, PinKind } from './pins.ts';

/** The maps of the object file, by what they are called here. The kernel cuts names that are longer than 15 characters. */
export const MAP_NAMES = {
  listeners: 'listeners',
  sourceRoutes: 'source_routes',
  sourceLimits: 'source_limits',
  pools: 'pools',
  slots: 'slots',
  poolTurns: 'pool_turns',
  targets: 'targets',
  proxyNames: 'proxy_names',
  flows: 'flows',
  pending: 'pending',
  fragments: 'fragments',
  devices: 'devices',
  targetStats: 'target_stats',
  connectLatencies: 'latencies',
  failures: 'failures',
  reasonStats: 'reason_stats',
  targetActive: 'target_active',
  rateSource: 'rate_source',
  rateTarget: 'rate_target',
  rateStats: 'rate_stats',
  metadata: 'metadata',
  drafts: 'drafts',
  sniRoutes: 'sni_routes',
  lateSecrets: 'late_secrets',
  late: 'late',
  lateSlots: 'late_slots',
  lateLocks: 'late_locks',
  lateRings: 'late_rings',
  lateWorks: 'late_works',
  optionRooms: 'option_rooms',
  toldFlows: 'told_flows',
  events: 'events',
  eventSettings: 'event_settings',
  eventLosses: 'event_losses',
  captureFilters: 'capture_filters',
  captureCounts: 'capture_counts',
  captureRecords: 'capture_records',
  captures: 'captures',
} as const;

const PROGRAM_NAMES = {
  xdpIngress: 'xdp_ingress',
  tcIngress: 'tc_ingress',
  tcEgress: 'tc_egress',
  sweep: 'sweep',
} as const;

/** Every map of the data path. */
export type DatapathMaps = Readonly<Record<keyof typeof MAP_NAMES, BpfMap>>;
/** Maps that no program uses. */
export const OF_USER_SPACE: readonly string[] = [MAP_NAMES.proxyNames, MAP_NAMES.metadata];

/** Every program. */
export type DatapathPrograms = Readonly<Record<keyof typeof PROGRAM_NAMES, BpfProgram>>;

/** Sizes of the tables that the settings choose, in entries (two a flow). */
export interface TableSizes {
  readonly flows: number;
  readonly pending: number;
  /** Sources that limits are kept of. */
  readonly rateSource: number;
  /** Flows that events are told of. */
  readonly toldFlows: number;
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
    object.map(MAP_NAMES.rateSource).setMaxEntries(sizes.rateSource);
    object.map(MAP_NAMES.toldFlows).setMaxEntries(sizes.toldFlows);
    object.load();
    const objects = openBoth(
      (name) => object.openMap(name),
      (name) => object.openProgram(name),
    );
    try {
      pins.create();
      for (const [key, map] of Object.entries(objects.maps)) map.pin(pins.pin('maps', mapName(key)));
      pinPrograms(pins, objects.programs);
      return objects;
    } catch (error) {
      closeObjects(objects);
      throw error;
    }
  });
}

/** Opens what is pinned. */
export function openObjects(pins: PinFolder): KernelObjects {
  return translateErrors('adopting the data path', () =>
    openBoth(
      (name) => BpfMap.fromPin(pins.pin('maps', name)),
      (name) => BpfProgram.fromPin(pins.pin('programs', name)),
    ),
  );
}

/**
 * Loads this version's programs on top of the pinned maps. They are not pinned yet: see {@link pinPrograms}.
 * @throws SluiceError `conflict` when the maps have another layout
 */
export function loadOnto(pins: PinFolder, options: LoadOptions): DatapathPrograms {
  return explainMismatch(pins, 'replacing the programs', () => {
    using object = openObject(options);
    for (const name of Object.values(MAP_NAMES)) object.map(name).reusePinned(pins.pin('maps', name));
    object.load();
    return openAll(PROGRAM_NAMES, (name) => object.openProgram(name));
  });
}

/**
 * Checks that the pins are what their names say: maps of the layout that this version declares, programs of these names,
 * and the very maps that these programs use. Compares ids only: to open a map by its id takes CAP_SYS_ADMIN.
 * @throws SluiceError `conflict`
 */
export function mustBelongTogether(pins: PinFolder, { maps, programs }: KernelObjects): void {
  explainMismatch(pins, 'looking at what is pinned', () => {
    using object = openDeclared();
    const used = new Set(Object.values(programs).flatMap((program) => program.info.mapIds));
    for (const [key, map] of Object.entries(maps)) {
      const name = mapName(key);
      object.map(name).reuse(map);
      const isUsed = used.has(map.info.id) || OF_USER_SPACE.includes(name);
      if (!isUsed || map.info.name !== name) throw foreign(pins, 'maps', name);
    }
    for (const [key, program] of Object.entries(programs)) {
      const name = programName(key);
      if (program.info.name !== name) throw foreign(pins, 'programs', name);
    }
  });
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

/** The object with the maps as this kernel is to have them. */
function openDeclared(): BpfObject {
  const object = BpfObject.open(objectPath());
  // The sweep is a sleepable program. Where it may, this table takes memory only while somebody wants to hear of flows.
  if (kernelHas('sleepableNoPrealloc')) object.map(MAP_NAMES.toldFlows).setFlags(MAP_NO_PREALLOC);
  return object;
}

function openObject(options: LoadOptions): BpfObject {
  const object = openDeclared();
  object.setRodata({ snat_port_min: options.snatPorts.first, snat_port_count: options.snatPorts.count });
  return object;
}

function openBoth(
  openMap: (name: string) => BpfMap,
  openProgram: (name: string) => BpfProgram,
): KernelObjects {
  const maps = openAll(MAP_NAMES, openMap);
  try {
    return { maps, programs: openAll(PROGRAM_NAMES, openProgram) };
  } catch (error) {
    for (const map of Object.values(maps)) map.close();
    throw error;
  }
}

/** All, or on an error none. */
function openAll<K extends string, T extends BpfMap | BpfProgram>(
  names: Readonly<Record<K, string>>,
  open: (name: string) => T,
): Readonly<Record<K, T>> {
  const opened: T[] = [];
  try {
    const entries = Object.entries<string>(names).map(([key, name]) => {
      const each = open(name);
      opened.push(each);
      return [key, each];
    });
    return Object.fromEntries(entries);
  } catch (error) {
    for (const each of opened) each.close();
    throw error;
  }
}

function mapName(key: string): string {
  return Object.entries(MAP_NAMES).find(([known]) => known === key)?.[1] ?? key;
}

function programName(key: string): string {
  return Object.entries(PROGRAM_NAMES).find(([known]) => known === key)?.[1] ?? key;
}

function explainMismatch<T>(pins: PinFolder, doing: string, work: () => T): T {
  try {
    return translateErrors(doing, work);
  } catch (error) {
    throw error instanceof SluiceError && isMismatch(error)
      ? incompatible(basename(pins.path), error.message, error)
      : error;
  }
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

/** Somebody has put something else in the place of a pin. */
function foreign(pins: PinFolder, kind: PinKind, name: string): SluiceError {
  return new SluiceError('conflict', `${pins.pin(kind, name)} is not the one that is in use`, {
    fix: `sluice detach --instance ${basename(pins.path)}, then start again (this cuts its connections)`,
  });
}
