/** The configuration after parsing and validation: every default filled in, every weight known. */

import type { LogLevel } from './log-level.ts';

/** How packets reach a target: `nat` keeps the client's address, `snat` uses the balancer's. */
export type ForwardMode = 'nat' | 'snat';
/**
 * How a new connection chooses among the targets of a pool, always in proportion to their weights: at random; at random by
 * weights that follow the open connections; by a hash of the client's address; by a hash of addresses, ports and
 * protocol; or in turn.
 */
export type Algorithm = 'weighted-random' | 'least-connections' | 'source-hash' | 'maglev' | 'round-robin';
/** Transport protocols that a listener can accept. */
export type Protocol = 'tcp' | 'udp';
/** The version of the PROXY protocol whose header targets get; where there is none, they get no header. */
export type ProxyProtocol = 'v2';
/** Where the data path hooks into an interface. */
export type AttachMode = 'auto' | 'native' | 'generic' | 'tc';

/** One backend as configured. Exactly one of `ip` and `host` is set. */
export interface TargetConfig {
  /** IPv4 or IPv6 address in canonical text form. */
  readonly ip?: string;
  /** DNS name, lower-case, that is resolved at run time; of A and AAAA records, or of SRV records (`_http._tcp.name`). */
  readonly host?: string;
  readonly port: number;
  /** Share of new connections; a pool's weights sum to 100 when the file gives them, equal otherwise. */
  readonly weight: number;
  /** How often `host` is resolved again, seconds, unless its records live shorter. */
  readonly dnsRefreshSeconds?: number;
  /** Its own check; without it, the one of the proxy. */
  readonly healthCheck?: HealthCheckConfig;
  /** Its own limit, or null for none; without it, `rateLimits.perBackend` of the proxy. */
  readonly rateLimit?: RateLimitConfig | null;
  /** The header before the first byte of each connection, which tells the client's address; without it, none. */
  readonly proxyProtocol?: ProxyProtocol;
}

/** Sends clients of a prefix to their own targets. */
export interface SourceRouteConfig {
  /** Canonical CIDR: `192.168.1.0/24`, `10.0.0.7/32`, `2001:db8::/32`. */
  readonly source: string;
  readonly algorithm: Algorithm;
  /** Of its targets that say nothing else. */
  readonly proxyProtocol?: ProxyProtocol;
  readonly targets: readonly TargetConfig[];
}

/** Sends TLS clients of a host name to their own targets. */
export interface SniRouteConfig {
  /** Lower-case host name. */
  readonly sniHostname: string;
  readonly algorithm: Algorithm;
  /** Of its targets that say nothing else. */
  readonly proxyProtocol?: ProxyProtocol;
  readonly targets: readonly TargetConfig[];
}

/** Where a proxy listens. */
export interface ListenConfig {
  readonly interfaces: readonly string[];
  /** Addresses to match; empty means all addresses that `interfaces` have, followed as they change. */
  readonly addresses: readonly string[];
  readonly port: number;
  readonly protocols: readonly Protocol[];
}

/** A named service: where to listen and where to send. */
export interface ProxyConfig {
  readonly name: string;
  readonly listen: ListenConfig;
  readonly mode: ForwardMode;
  /** How connections that no route matches choose their target. */
  readonly algorithm: Algorithm;
  /** The check of its targets that have none of their own. */
  readonly healthCheck: HealthCheckConfig;
  readonly rateLimits: RateLimitsConfig;
  readonly circuitBreaker: CircuitBreakerConfig;
  /** Of its targets and routes that say nothing else. */
  readonly proxyProtocol?: ProxyProtocol;
  readonly defaultTargets: readonly TargetConfig[];
  readonly sourceRoutes: readonly SourceRouteConfig[];
  readonly sniRoutes: readonly SniRouteConfig[];
}

/** So many new connections and UDP conversations a second. */
export interface RateLimitConfig {
  readonly requestsPerSec: number;
  /** How many may come at once after a pause. */
  readonly burst: number;
}

/** Limits on what clients open at a proxy; null is no limit. */
export interface RateLimitsConfig {
  /** Of one source. */
  readonly perSource: RateLimitConfig | null;
  /** To each target that has no limit of its own. */
  readonly perBackend: RateLimitConfig | null;
  /** Clients whose addresses agree in so many bits are one source. */
  readonly ipv4PrefixLength: number;
  readonly ipv6PrefixLength: number;
}

/** How a target is checked. */
export type HealthCheckType = 'tcp' | 'http' | 'https' | 'udp' | 'none';

/** How the health of one target is found out. */
export interface HealthCheckConfig {
  readonly type: HealthCheckType;
  /** What an HTTP or HTTPS check asks for. */
  readonly path: string;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** Successes in a row that make a target healthy again. */
  readonly healthyThreshold: number;
  /** Failures in a row that make a target unhealthy. */
  readonly unhealthyThreshold: number;
  readonly expectedCodes: readonly number[];
  /** Whether an HTTPS check refuses a certificate that is not valid for the target. */
  readonly verify: boolean;
  /** Whether the connections of clients tell, too: a target is taken out that refuses or does not answer them. */
  readonly passive: boolean;
  /** So many of them in a row, with none in between that was answered. */
  readonly passiveThreshold: number;
  /** Name that HTTP and HTTPS checks ask for: `Host` header, SNI, and the name in the certificate; default none. */
  readonly serverName?: string;
  /** PEM file of the authorities that an HTTPS check trusts; default those of Node.js. */
  readonly caFile?: string;
  /** Payload of a UDP check: a text, or `hex:` and bytes in hexadecimal; default empty. */
  readonly send?: string;
  /** What the answer to a UDP check must contain, written like `send`; default anything. */
  readonly expect?: string;
}

/** When a target that fails clients gets no more of them for a while. */
export interface CircuitBreakerConfig {
  readonly enabled: boolean;
  /** Percent of connections that must fail. */
  readonly errorThresholdPct: number;
  /** Connections that there must be in the window. */
  readonly minRequests: number;
  /** How long an open circuit stays so before it is tried. */
  readonly openDurationMs: number;
  /** Connections that must be answered on trial. */
  readonly halfOpenRequests: number;
  /** How far back connections count. */
  readonly windowSizeMs: number;
}

/** How connections choose targets, where nothing else is said. */
export interface LoadBalancingConfig {
  /** Of proxies that name none. */
  readonly algorithm: Algorithm;
  /** Least connections: whether a target may have open connections in proportion to its weight, or all alike. */
  readonly weighted: boolean;
  /** Least connections: how often weights follow the open connections, milliseconds. */
  readonly updateIntervalMs: number;
  /** Slots of a pool whose connections find theirs by a hash; a prime. */
  readonly hashTableSize: number;
}

/** A record of every flow when it has ended. */
export interface AccessLogConfig {
  readonly enabled: boolean;
  /** Absolute path, or `stdout`. */
  readonly path: string;
  readonly format: 'json' | 'clf' | 'tcplog';
  /** When the file is larger another one is begun, megabytes; 0: never. */
  readonly maxSizeMb: number;
  /** Files that are kept besides the one that is written. */
  readonly maxFiles: number;
}

/** Settings that hold for the whole balancer. */
export interface Settings {
  /** Whether it is told of every flow that is opened or has ended. */
  readonly statsEnabled: boolean;
  /** Of so many flows one is told of. */
  readonly flowSampling: number;
  readonly accessLog: AccessLogConfig;
  /** How much the daemon logs. */
  readonly logLevel: LogLevel;
  /** Idle time after which an established TCP flow is forgotten, seconds. */
  readonly connectionTimeoutSec: number;
  /** Life of a TCP flow that never got past its SYN, seconds. */
  readonly synTimeoutSec: number;
  /** Life of a TCP flow after both FINs or a RST, seconds. */
  readonly closingTimeoutSec: number;
  /** Idle time after which a UDP flow is forgotten, seconds. */
  readonly udpTimeoutSec: number;
  /** Flows that the table holds. */
  readonly maxConnections: number;
  /** Attach mode for all interfaces, or by interface name (others: `auto`). */
  readonly attach: AttachMode | Readonly<Record<string, AttachMode>>;
  /** Interfaces that lead to targets and get the programs too. */
  readonly replyInterfaces: 'auto' | 'none' | readonly string[];
  readonly healthCheckEnabled: boolean;
  readonly healthCheckDefaults: HealthCheckConfig;
  /** The circuit breaker of proxies that have none of their own. */
  readonly circuitBreaker: CircuitBreakerConfig;
  readonly defaultDrainTimeoutMs: number;
  readonly drainCheckIntervalMs: number;
  /** DNS servers that resolve the names of targets, `address` or `address:port`; empty: those of the host. */
  readonly dnsServers: readonly string[];
  /** The limits of proxies that have none of their own, and how many sources are remembered. */
  readonly rateLimits: RateLimitsConfig & { readonly maxSources: number };
  readonly loadBalancing: LoadBalancingConfig;
  readonly metrics: MetricsConfig;
  readonly adminApi: AdminApiConfig;
}

/** The server of metrics for Prometheus. */
export interface MetricsConfig {
  readonly enabled: boolean;
  readonly address: string;
  readonly port: number;
  readonly path: string;
}

/** The admin API on TCP, besides the unix socket. */
export interface AdminApiConfig {
  readonly enabled: boolean;
  readonly address: string;
  readonly port: number;
  /** SHA-256 (hex) of the secret that lets a client do everything, or the file that has it. The secret itself is not kept. */
  readonly tokenSha256?: string;
  readonly tokenFile?: string;
  /** The same for the secret that lets a client read. */
  readonly readOnlyTokenSha256?: string;
  readonly readOnlyTokenFile?: string;
  /** PEM files; without them the server speaks plain HTTP. */
  readonly tls?: { readonly certFile: string; readonly keyFile: string };
  /** Whether plain HTTP may be spoken on an address that others can reach. */
  readonly insecure: boolean;
  /** Names by which clients may call the server, lower-case. */
  readonly allowedHosts: readonly string[];
  /** Origins of web pages that may use the API. */
  readonly allowedOrigins: readonly string[];
}

/** The whole configuration. */
export interface Config {
  readonly proxies: readonly ProxyConfig[];
  readonly settings: Settings;
}
