import { type BpfMap, BpfObject, type BpfProgram, RingBuffer } from '../../../src/libbpf/index.ts';
import type { HookName } from '../model/basics.ts';
import type { Options } from '../model.ts';
import type { StateMap } from '../rows/index.ts';

/** Entries of the tables of flows: more than any state has, so that the kernel evicts nothing. */
const FLOW_ENTRIES = 4096;

/** The programs, loaded with one set of options, and their tables. */
export class LoadedPrograms implements Disposable {
  readonly maps: Readonly<Record<StateMap, BpfMap>>;
  readonly reasonStats: BpfMap;
  readonly targetStats: BpfMap;
  readonly latencies: BpfMap;
  readonly failures: BpfMap;
  readonly rateStats: BpfMap;
  readonly eventLosses: BpfMap;
  readonly #ring: RingBuffer;
  readonly #records: Buffer[] = [];
  /** Where packets are captured into. */
  readonly captures: BpfMap;
  readonly programs: Readonly<Record<HookName, BpfProgram>>;

  /**
   * @param path the compiled object
   * @throws BpfError `rejected` with the verifier's log, and others
   */
  constructor(path: string, options: Options) {
    using object = BpfObject.open(path);
    object.setRodata({
      snat_port_min: options.snatPortMin,
      snat_port_count: options.snatPortCount,
      confirm_one_in: options.confirmNewFlows === 'always' ? 1 : 0,
    });
    for (const name of ['flows', 'pending', 'rate_source', 'told_flows'])
      object.map(name).setMaxEntries(FLOW_ENTRIES);
    object.load();
    this.maps = openMaps(object);
    this.reasonStats = object.openMap('reason_stats');
    this.targetStats = object.openMap('target_stats');
    this.latencies = object.openMap('latencies');
    this.failures = object.openMap('failures');
    this.rateStats = object.openMap('rate_stats');
    this.eventLosses = object.openMap('event_losses');
    using events = object.openMap('events');
    this.#ring = RingBuffer.on(
      events,
      (record) => this.#records.push(record),
      (error) => {
        throw error;
      },
    );
    this.captures = object.openMap('captures');
    this.programs = {
      xdp_ingress: object.openProgram('xdp_ingress'),
      tc_ingress: object.openProgram('tc_ingress'),
      tc_egress: object.openProgram('tc_egress'),
    };
  }

  /** What the programs have told since it was asked last. */
  takeRecords(): readonly Buffer[] {
    this.#ring.consume();
    return this.#records.splice(0);
  }

  close(): void {
    this.#ring.close();
    for (const map of Object.values(this.maps)) map.close();
    for (const program of Object.values(this.programs)) program.close();
    this.reasonStats.close();
    this.targetStats.close();
    this.latencies.close();
    this.failures.close();
    this.rateStats.close();
    this.eventLosses.close();
    this.captures.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function openMaps(object: BpfObject): Readonly<Record<StateMap, BpfMap>> {
  return {
    devices: object.openMap('devices'),
    listeners: object.openMap('listeners'),
    source_routes: object.openMap('source_routes'),
    pools: object.openMap('pools'),
    slots: object.openMap('slots'),
    pool_turns: object.openMap('pool_turns'),
    targets: object.openMap('targets'),
    flows: object.openMap('flows'),
    pending: object.openMap('pending'),
    fragments: object.openMap('fragments'),
    source_limits: object.openMap('source_limits'),
    rate_source: object.openMap('rate_source'),
    rate_target: object.openMap('rate_target'),
    sni_routes: object.openMap('sni_routes'),
    late_secrets: object.openMap('late_secrets'),
    late: object.openMap('late'),
    late_slots: object.openMap('late_slots'),
    late_rings: object.openMap('late_rings'),
    told_flows: object.openMap('told_flows'),
    event_settings: object.openMap('event_settings'),
    capture_filters: object.openMap('capture_filters'),
  };
}
