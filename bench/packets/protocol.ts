/** What the sink is told. */
export interface SinkArguments {
  readonly object: string;
  /** Interface of its namespace. */
  readonly ifindex: number;
  readonly port: number;
}

/** What the generator is told. */
export interface GenerateArguments {
  readonly object: string;
  /** Interface of its namespace out of which packets go. */
  readonly ifindex: number;
  /** Id of the sink's map. */
  readonly sunk: number;
  readonly flows: number;
  /** CPU time that the measured packets shall take. */
  readonly durationMs: number;
  readonly sourceMac: string;
  readonly destinationMac: string;
  readonly source: string;
  readonly destination: string;
  readonly port: number;
}

/** What the generator prints at its end. */
export interface GenerateReport {
  readonly sent: number;
  /** Packets that reached the sink. */
  readonly received: number;
  /** CPU time for all of it: sending, forwarding, counting. */
  readonly cpuMs: number;
}
