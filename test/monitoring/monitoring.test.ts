import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { z } from 'zod';
import { METRICS } from '../../src/metrics/index.ts';
import { processMetrics } from '../../src/metrics/process-metrics.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MONITORING = join(ROOT, 'examples/monitoring');
const promtool = (...args: string[]) => promisify(execFile)('promtool', args, { cwd: ROOT });
const read = (name: string) => readFile(join(MONITORING, name), 'utf8');

const query = z.object({ expr: z.string() });
const dashboardSchema = z.object({
  templating: z.object({ list: z.array(z.looseObject({ definition: z.string().optional() })) }),
  panels: z.array(z.looseObject({ id: z.number(), title: z.string(), targets: z.array(query).default([]) })),
});
const dashboard = dashboardSchema.parse(JSON.parse(await read('grafana.json')));
const expressions = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));

/** Every name that a query may use: what is exported, and what a histogram is made of. */
async function exportedNames(): Promise<ReadonlySet<string>> {
  const ofProcess = [...(await processMetrics()).matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name);
  const ours = METRICS.flatMap(({ name, type }) =>
    type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  );
  return new Set([...ours, ...ofProcess]);
}

function namesIn(text: string): string[] {
  return text.match(/\b(?:lb|process|nodejs)_[a-z0-9_]+\b/g) ?? [];
}

describe('the alert rules', () => {
  it('are rules, in a configuration that Prometheus takes', async () => {
    await promtool('check', 'config', 'examples/monitoring/prometheus.yml');
  });

  it('fire when they should, and not before', async () => {
    await promtool('test', 'rules', 'test/monitoring/alerts.test.yml');
  });

  it('are each seen to fire', async () => {
    const names = (text: string) => [...text.matchAll(/alert: (\w+)/g)].map(([, name = '']) => name);
    const tests = await readFile(join(ROOT, 'test/monitoring/alerts.test.yml'), 'utf8');
    const fired = [...tests.matchAll(/alertname: (\w+)\n +exp_alerts/g)].map(([, name]) => name);
    expect(names(await read('alerts.yml')).filter((name) => !fired.includes(name))).toEqual([]);
  });

  it('ask for metrics that there are', async () => {
    const exported = await exportedNames();
    const asked = namesIn(await read('alerts.yml'));
    expect(asked.length).toBeGreaterThan(10);
    expect(asked.filter((name) => !exported.has(name))).toEqual([]);
  });
});

describe('the Grafana dashboard', () => {
  it('asks for metrics that there are', async () => {
    const exported = await exportedNames();
    const variables = dashboard.templating.list.map(({ definition = '' }) => definition);
    const asked = [...expressions, ...variables].flatMap(namesIn);
    expect(asked.length).toBeGreaterThan(20);
    expect(asked.filter((name) => !exported.has(name))).toEqual([]);
  });

  it('asks in sound PromQL, in panels of their own', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'sluice-promql-'));
    const rules = expressions.map((expr, index) => ({
      record: `panel:query:${index}`,
      expr: expr.replaceAll('$__rate_interval', '1m').replaceAll(/\$(instance|proxy)/g, '.*'),
    }));
    await writeFile(join(directory, 'rules.yml'), stringify({ groups: [{ name: 'dashboard', rules }] }));
    await promtool('check', 'rules', join(directory, 'rules.yml'));
    await rm(directory, { recursive: true });
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
