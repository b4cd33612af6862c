import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { capturedIo } from '../src/cli/captured-io.fixture.ts';
import { CommandContext } from '../src/cli/context.ts';
import { buildProgram } from '../src/cli/program.ts';
import { configJsonSchema, parseConfig } from '../src/config/index.ts';
import { properties } from '../src/config/testing/json-schema.ts';
import { HealthChecks } from '../src/control/health-checks.ts';
import * as library from '../src/index.ts';
import { METRICS } from '../src/metrics/index.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFileSync(`${ROOT}/${path}`, 'utf8');
const PAGE = read('docs/from-clj-ebpf-lb.md');

/** What the README of the original named: functions, options, settings, events, fields of its answers, and metrics. */
const ORIGINAL = `
-c -i -p -t -s -v -h
config/make-simple-config dns/subscribe! health/all-healthy? health/check-http health/check-tcp health/force-check!
health/get-all-status health/get-status health/healthy? health/print-all-status health/print-status health/running?
health/set-target-status! health/start! health/stop! health/subscribe! health/unhealthy-targets lb/add-proxy! lb/add-sni-route!
lb/add-source-route! lb/attach-interfaces! lb/detach-interfaces! lb/disable-stats! lb/drain-backend! lb/draining?
lb/enable-stats! lb/force-dns-resolve! lb/get-all-dns-status lb/get-all-draining lb/get-connection-count
lb/get-connection-stats lb/get-connections lb/get-dns-status lb/get-drain-status lb/get-status lb/init!
lb/list-all-sni-routes lb/list-attached-interfaces lb/list-sni-routes lb/print-connections lb/print-drain-status
lb/remove-backend! lb/remove-proxy! lb/remove-sni-route! lb/remove-source-route! lb/shutdown! lb/start-stats-stream!
lb/stop-stats-stream! lb/subscribe-to-stats lb/undrain-backend! lb/wait-for-drain! metrics/collect-metrics
metrics/get-status metrics/running? metrics/start! metrics/stop!
:connection-timeout-sec :consecutive-failures :consecutive-successes :current-connections :default-drain-timeout-ms
:default-target :dns-failed :dns-refresh-seconds :dns-resolved :drain-check-interval-ms :effective-weights :elapsed-ms
:enabled :expected-codes :health-check :health-check-defaults :health-check-enabled :healthy-threshold :host
:initial-connections :interfaces :interval-ms :ip :last-error :last-ips :last-latency-ms :listen :max-connections
:metrics :name :original-weights :path :port :proxies :settings :sni-hostname :sni-routes :source :source-routes
:stats-enabled :target :target-healthy :target-unhealthy :targets :timeout-ms :type :unhealthy-threshold :weight
:weights-updated
lb_backend_health lb_bytes_total lb_connections_active lb_dns_resolution_status lb_health_check_latency_seconds lb_info
lb_packets_total lb_up`
  .trim()
  .split(/\s+/);

interface Row {
  readonly theirs: string;
  /** Cell of our names, as it is written. */
  readonly ours: string;
  readonly remark: string;
}

const rows: readonly Row[] = PAGE.split('\n')
  .map((line) => /^\| `(.+?)` \| (.+?) \| ?(.*?) ?\|$/.exec(line))
  .flatMap((match) =>
    match === null ? [] : [{ theirs: match[1] ?? '', ours: match[2] ?? '', remark: match[3] ?? '' }],
  );

const settings = new Set(properties(configJsonSchema()).map(({ path }) => path));
const program = buildProgram(new CommandContext(capturedIo()));
const scripts: unknown = JSON.parse(read('package.json')).scripts;
const metricNames = METRICS.map(({ name }) => name);
const fields = new Set([...read('docs/api.md').matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name));

/** Parts of a balancer that have methods of their own. */
const OWNERS: Readonly<Record<string, { readonly prototype: object }>> = {
  health: HealthChecks,
  metrics: library.MetricsServer,
};

/** Why a name of ours does not exist; null when it does. */
function problemOf(name: string, isEvent: boolean, isField: boolean): string | null {
  if (name.startsWith('lb_')) return has(metricNames, name);
  if (isEvent) return has(library.EVENT_TYPES, name);
  if (isField) return has(fields, name);
  const method = /^balancer\.(?:(health|metrics)\.)?(\w+)(?:\(\))?$/.exec(name);
  if (method !== null) {
    const owner = OWNERS[method[1] ?? ''] ?? library.RunningLoadBalancer;
    return (method[2] ?? '') in describeOf(owner.prototype) ? null : 'is no method';
  }
  if (name.startsWith('sluice ')) return problemOfCommand(name.split(' ').slice(1));
  if (name.startsWith('npm ')) return problemOfScript(name);
  if (name.endsWith('()')) return name.slice(0, -2) in library ? null : 'is not exported';
  return has(settings, name);
}

/** All properties of a prototype; reading them would run the getters. */
function describeOf(prototype: object): object {
  return Object.getOwnPropertyDescriptors(prototype);
}

function has(known: Iterable<string | undefined>, name: string): string | null {
  return [...known].includes(name) ? null : 'does not exist';
}

function problemOfCommand([word, ...options]: readonly string[]): string | null {
  const command = program.commands.find((each) => each.name() === word);
  if (command === undefined) return 'is no command';
  const known = ['--help', ...command.options.map(({ long }) => long)];
  return options.every((option) => known.includes(option)) ? null : 'is no option';
}

function problemOfScript(line: string): string | null {
  const script = line.replace(/^npm (?:run )?/, '');
  const known = typeof scripts === 'object' && scripts !== null ? Object.keys(scripts) : [];
  return known.includes(script) || script === 'pack' ? null : 'is no script';
}

describe('docs/from-clj-ebpf-lb.md', () => {
  it('has every name of the original', () => {
    const named = new Set(rows.map(({ theirs }) => theirs.replace(/,.*/, '')));
    expect(ORIGINAL.filter((name) => !named.has(name))).toEqual([]);
    expect(ORIGINAL.length).toBeGreaterThan(100);
  });

  it('names what there is', () => {
    const wrong = rows.flatMap(({ theirs, ours, remark }) => {
      const calls = [...remark.matchAll(/`((?:balancer\.|sluice )[^`]+)`/g)].map(([, name = '']) => name);
      const names = [...ours.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
      expect(names.length, theirs).toBeGreaterThan(0);
      return [
        ...names.map((name) => ({
          name,
          problem: problemOf(name, ours.startsWith('event'), ours.startsWith('field')),
        })),
        ...calls.map((name) => ({ name, problem: problemOf(name, false, false) })),
      ].filter(({ problem }) => problem !== null);
    });
    expect(wrong).toEqual([]);
  });

  it('says "not yet" exactly of what has no effect', () => {
    const asked = {
      proxies: [
        {
          name: 'web',
          listen: { interfaces: ['eth0'], port: 80 },
          defaultTarget: { ip: '10.0.0.1', port: 80 },
        },
      ],
      settings: { statsEnabled: true, metrics: { enabled: true } },
    };
    const { warnings } = parseConfig(JSON.stringify(asked), { format: 'json', file: null });
    const idle = Object.keys(asked.settings).filter((key) =>
      warnings.some(
        ({ where, message }) => `${where} ${message}`.includes(key) && /not in effect/.test(message),
      ),
    );
    const waiting = rows
      .filter(({ remark }) => remark.includes('not yet'))
      .map(({ ours, remark }) => /settings\.(\w+)/.exec(`${ours} ${remark}`)?.[1]);
    expect([...new Set(waiting)].sort()).toEqual(idle.sort());
  });
});
