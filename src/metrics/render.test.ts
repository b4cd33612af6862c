import { describe, expect, it } from 'vitest';
import { renderMetricDocs } from './docs.ts';
import type { Metric } from './metric.ts';
import { LINES_PER_TURN, renderMetrics } from './render.ts';
import { countedTarget, sampleMeasurements } from './sample-measurements.fixture.ts';

const lines = async (measured = sampleMeasurements) => (await renderMetrics(measured)).split('\n');
/** The series of one name, without it. */
const seriesOf = async (name: string, measured = sampleMeasurements) =>
  (await lines(measured))
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .map((line) => line.slice(name.length));

const metric = (samples: { labels: string[]; value: number }[]): Metric => ({
  name: 'a_b',
  type: 'gauge',
  help: 'A help.',
  labels: ['x'],
  life: 'now',
  samples: () => samples,
});

describe('the metrics of the original', () => {
  it('have its names, types and labels', async () => {
    expect(await seriesOf('lb_up')).toEqual([' 1']);
    expect(await seriesOf('lb_info')).toEqual(['{version="0.1.0"} 1']);
    expect(await seriesOf('lb_dns_resolution_status')).toEqual([
      '{proxy_name="web",hostname="a.example"} 1',
      '{proxy_name="api",hostname="b.example"} 0',
      '{proxy_name="web",hostname="b.example"} 0',
    ]);
    const types = (await lines()).filter((line) => line.startsWith('# TYPE'));
    expect(types).toEqual(
      expect.arrayContaining([
        '# TYPE lb_up gauge',
        '# TYPE lb_info gauge',
        '# TYPE lb_connections_active gauge',
        '# TYPE lb_bytes_total counter',
        '# TYPE lb_packets_total counter',
        '# TYPE lb_backend_health gauge',
        '# TYPE lb_health_check_latency_seconds histogram',
        '# TYPE lb_dns_resolution_status gauge',
      ]),
    );
  });

  it('sum up an endpoint over proxies, also over one that has let go of it', async () => {
    expect(await seriesOf('lb_connections_active')).toEqual([
      '{target_ip="10.0.0.1",target_port="8080"} 1',
      '{target_ip="fd00::1",target_port="8080"} 0',
    ]);
    expect(await seriesOf('lb_bytes_total')).toEqual([
      '{target_ip="10.0.0.1",target_port="8080",direction="forward"} 2000',
      '{target_ip="fd00::1",target_port="8080",direction="forward"} 1000',
      '{target_ip="10.0.0.1",target_port="8080",direction="reverse"} 40000',
      '{target_ip="fd00::1",target_port="8080",direction="reverse"} 20000',
    ]);
    expect(await seriesOf('lb_packets_total')).toContain(
      '{target_ip="10.0.0.1",target_port="8080",direction="reverse"} 24',
    );
  });

  it('call a target unhealthy that one of its pools finds so', async () => {
    const of = '{proxy_name="web",target_ip="10.0.0.1",target_port="8080"}';
    expect(await seriesOf('lb_backend_health')).toEqual([`${of} 0`]);
    const healthy = { ...sampleMeasurements, weights: sampleMeasurements.weights.slice(0, 1) };
    expect(await seriesOf('lb_backend_health', healthy)).toEqual([`${of} 1`]);
  });

  it('have buckets that add up, to +Inf', async () => {
    const of = '{proxy_name="web",target_id="10.0.0.1:8080"';
    expect(await seriesOf('lb_health_check_latency_seconds_bucket')).toEqual([
      `${of},le="0.005"} 3`,
      `${of},le="0.01"} 4`,
      `${of},le="+Inf"} 5`,
    ]);
    expect(await seriesOf('lb_health_check_latency_seconds_sum')).toEqual([`${of}} 1.5`]);
    expect(await seriesOf('lb_health_check_latency_seconds_count')).toEqual([`${of}} 5`]);
  });
});

describe('the other metrics', () => {
  it('tell how long targets took to answer', async () => {
    const of = 'proxy_name="web",target_ip="10.0.0.1",target_port="8080"';
    const [first] = sampleMeasurements.targets;
    const targets = first === undefined ? [] : [first];
    expect(await seriesOf('lb_connect_latency_seconds_bucket', { ...sampleMeasurements, targets })).toEqual([
      `{${of},le="0.001"} 3`,
      `{${of},le="0.002"} 5`,
      `{${of},le="+Inf"} 6`,
    ]);
  });

  it('tell states as 1 for the one that it is, and shares of 1', async () => {
    const of = 'proxy_name="web",target_ip="10.0.0.1",target_port="8080"';
    expect(await seriesOf('lb_target_state')).toEqual([
      `{${of},state="ready"} 0`,
      `{${of},state="drain"} 1`,
      `{${of},state="maintenance"} 0`,
    ]);
    expect(await seriesOf('lb_circuit_state')).toContain(`{${of},state="half-open"} 1`);
    expect((await seriesOf('lb_target_share_ratio'))[0]).toMatch(/pool="default".* 0\.1$/);
    expect(await seriesOf('lb_config_last_applied_timestamp_seconds')).toEqual([' 1767323045.5']);
    expect(await seriesOf('lb_interface_attached')).toEqual([
      '{interface="eth0",role="listen",mode="native"} 1',
      '{interface="eth1",role="reply",mode="detached"} 0',
    ]);
  });

  it('leave out targets that are gone, and limits of who has none', async () => {
    expect(await seriesOf('lb_connections_total')).toHaveLength(2);
    expect(await seriesOf('lb_rate_limit_refused_total')).toEqual([
      '{proxy_name="web",target_ip="10.0.0.1",target_port="8080"} 4',
    ]);
  });

  it('tell what was lost of single flows and of the access log, and of which sample', async () => {
    expect(await seriesOf('lb_flow_sampling_ratio')).toEqual([' 0.25']);
    expect(await seriesOf('lb_flow_events_total')).toEqual([' 14']);
    expect(await seriesOf('lb_flow_events_lost_total')).toEqual([
      '{what="opened"} 3',
      '{what="closed"} 2',
      '{what="flows"} 1',
    ]);
    expect(await seriesOf('lb_access_log_records_total')).toEqual([
      '{result="written"} 7',
      '{result="dropped"} 5',
    ]);
    const off = { ...sampleMeasurements, flowEvents: { ...sampleMeasurements.flowEvents, oneIn: 0 } };
    expect(await seriesOf('lb_flow_sampling_ratio', off)).toEqual([' 0']);
  });

  it('say whether the last reload went well', async () => {
    const { status } = sampleMeasurements;
    const failed = { state: 'invalid', lastFailure: { at: 'now', message: 'no' } } as const;
    const name = 'lb_config_last_reload_successful';
    expect(await seriesOf(name)).toEqual([' 1']);
    expect(await seriesOf(name, { ...sampleMeasurements, status: { ...status, file: failed } })).toEqual([
      ' 0',
    ]);
  });
});

describe('the text', () => {
  it('is empty of what would break it', async () => {
    const text = await renderMetrics(sampleMeasurements, [metric([{ labels: ['a "b" \\ c\nd'], value: 1 }])]);
    expect(text).toBe('# HELP a_b A help.\n# TYPE a_b gauge\na_b{x="a \\"b\\" \\\\ c\\nd"} 1\n');
  });

  it('lets the event loop turn every thousand lines, however many there are', async () => {
    const targets = Array.from({ length: 1000 }, (_, n) =>
      countedTarget('web', `10.0.${n >> 8}.${n & 255}:80`),
    );
    let turns = 0;
    let isDone = false;
    const turn = () => {
      turns += 1;
      if (!isDone) setImmediate(turn);
    };
    setImmediate(turn);
    const text = await renderMetrics({ ...sampleMeasurements, targets });
    isDone = true;
    const count = text.split('\n').length;
    expect(count).toBeGreaterThan(9_000);
    expect(turns).toBeGreaterThanOrEqual(Math.floor(count / LINES_PER_TURN));
  });
});

it('docs/metrics-list.md is what there is (refresh it with: vitest run --project unit src/metrics -u)', async () => {
  await expect(renderMetricDocs()).toMatchFileSnapshot('../../docs/metrics-list.md');
});
