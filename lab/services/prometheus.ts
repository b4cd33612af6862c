import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Host } from '../host/index.ts';
import { listensOnTcp, type Service, serviceWhen } from './ready.ts';

const PORT = 9099;

/** A Prometheus of a lab. */
export interface PrometheusService extends Service {
  /** What a query gives now: a value for each series, by its labels. Empty when there is none (yet). */
  query(expression: string): Promise<readonly { labels: Readonly<Record<string, string>>; value: number }[]>;
}

/** Starts a Prometheus on a host that scrapes a target of that host (`127.0.0.1:9090`) every second. */
export async function startPrometheus(
  host: Host,
  target: string,
  path = '/metrics',
): Promise<PrometheusService> {
  const directory = host.owner.directory;
  const file = join(directory, 'prometheus.yml');
  const job = { job_name: 'sluice', metrics_path: path, static_configs: [{ targets: [target] }] };
  await writeFile(file, stringify({ global: { scrape_interval: '1s' }, scrape_configs: [job] }));
  const process = host.spawn([
    'prometheus',
    `--config.file=${file}`,
    `--storage.tsdb.path=${join(directory, 'prometheus')}`,
    `--web.listen-address=127.0.0.1:${PORT}`,
    '--log.level=warn',
  ]);
  const service = await serviceWhen((each) => listensOnTcp(each, PORT), 'prometheus', PORT, process);
  return { ...service, query: (expression) => query(host, expression) };
}

async function query(host: Host, expression: string) {
  const url = `http://127.0.0.1:${PORT}/api/v1/query`;
  const answer: unknown = JSON.parse(
    await host.run(['curl', '-sS', '--data-urlencode', `query=${expression}`, url]),
  );
  return resultOf(answer).map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
}

/** What Prometheus answers (its HTTP API, version 1), as far as it is looked at. */
interface QueryAnswer {
  readonly data?: {
    readonly result: readonly {
      metric: Readonly<Record<string, string>>;
      value: readonly [number, string];
    }[];
  };
  readonly error?: string;
}

function resultOf(answer: unknown) {
  const { data, error } = answer as QueryAnswer;
  if (data === undefined) throw new Error(`Prometheus refuses the query: ${error}`);
  return data.result;
}
