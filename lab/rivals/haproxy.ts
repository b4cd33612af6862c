import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../host/index.ts';
import { listensOnTcp, serviceWhen } from '../services/index.ts';
import { endpoint, type Rival, type RivalSpec } from './rival.ts';

const WAIT_FOR_HELLO = `  tcp-request inspect-delay 5s
  tcp-request content accept if { req.ssl_hello_type 1 }`;

/** Starts HAProxy in TCP mode on the balancer host. */
export async function startHaproxy(host: Host, spec: RivalSpec): Promise<Rival> {
  const file = join(host.owner.directory, `haproxy-${spec.listen.port}.cfg`);
  const servers = spec.targets.map(
    (target, index) => `  server target${index + 1} ${endpoint(target)} weight ${target.weight ?? 1}`,
  );
  const names = Object.entries(spec.names ?? {});
  const uses = names.map(([name], index) => `  use_backend name${index + 1} if { req.ssl_sni -i ${name} }`);
  const backends = names.map(
    ([, target], index) => `backend name${index + 1}\n  server named ${endpoint(target)}`,
  );
  await writeFile(
    file,
    `global
  maxconn 8000
defaults
  mode tcp
  timeout connect 5s
  timeout client 60s
  timeout server 60s
frontend lab
  bind ${endpoint(spec.listen)} backlog 4096
${names.length > 0 ? WAIT_FOR_HELLO : ''}
${uses.join('\n')}
  default_backend targets
backend targets
  balance roundrobin
${servers.join('\n')}
${backends.join('\n')}
`,
  );
  // -db keeps it in the foreground.
  const process = host.spawn(['haproxy', '-db', '-f', file]);
  return serviceWhen((each) => listensOnTcp(each, spec.listen.port), 'haproxy', spec.listen.port, process);
}
