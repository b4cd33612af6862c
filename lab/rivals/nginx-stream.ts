import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../host/index.ts';
import { listensOnTcp, serviceWhen } from '../services/index.ts';
import { endpoint, type Rival, type RivalSpec } from './rival.ts';

const MODULE = '/usr/lib/nginx/modules/ngx_stream_module.so';

/** Starts nginx as a TCP proxy (stream module) on the balancer host. */
export async function startNginxStream(host: Host, spec: RivalSpec): Promise<Rival> {
  const directory = join(host.owner.directory, `nginx-stream-${spec.listen.port}`);
  await mkdir(directory, { recursive: true });
  const file = join(directory, 'nginx.conf');
  const servers = spec.targets.map(
    (target) => `    server ${endpoint(target)} weight=${target.weight ?? 1};`,
  );
  const names = Object.entries(spec.names ?? {});
  const map = names.map(([name, target]) => `    ${name} ${endpoint(target)};`);
  await writeFile(
    file,
    `load_module ${MODULE};
user root;
daemon off;
worker_processes auto;
pid ${directory}/pid;
error_log stderr error;
events { worker_connections 8000; }
stream {
  upstream targets {
${servers.join('\n')}
  }
  map $ssl_preread_server_name $chosen {
${map.join('\n')}
    default targets;
  }
  server {
    listen ${endpoint(spec.listen)} backlog=4096;
    ${names.length > 0 ? 'ssl_preread on;' : ''}
    proxy_pass ${names.length > 0 ? '$chosen' : 'targets'};
  }
}
`,
  );
  const process = host.spawn(['nginx', '-e', 'stderr', '-p', directory, '-c', file]);
  return serviceWhen(
    (each) => listensOnTcp(each, spec.listen.port),
    'nginx-stream',
    spec.listen.port,
    process,
  );
}
