import { describe, it } from 'vitest';
import { expectWarnings } from '../testing/marked.ts';

const file = ({ protocol = 'udp', check = '', ofTarget = '', enabled = true }) => `proxies:
  - name: dns
    listen: »{ interfaces: eth0, port: 53, protocol: ${protocol} }${check && `\n    healthCheck: { ${check} }`}
    defaultTarget: { ip: 10.0.0.1, port: 53${ofTarget && `, healthCheck: { ${ofTarget} }`} }
settings: { healthCheckEnabled: ${enabled} }
`;
const over = (type: string) =>
  `proxies[0].listen: accepts only UDP, but targets are checked by ${type}, over TCP; set the \`type\` of their \`healthCheck\` to udp or none`;

describe('checks over TCP of a service over UDP alone', () => {
  it.each([
    ['by default', {}, 'tcp'],
    ['of the proxy', { check: 'type: http' }, 'http'],
    ['of a target', { check: 'type: none', ofTarget: 'type: https' }, 'https'],
  ])('are warned of, %s', (_what, parts, type) => {
    expectWarnings(file(parts), 'yaml', [over(type)]);
  });

  it.each([
    ['the service is there over TCP, too', { protocol: 'both' }],
    ['the check is one over UDP', { check: 'type: udp' }],
    ['there is no check', { check: 'type: none' }],
    ['the target has another', { ofTarget: 'type: udp' }],
    ['nothing is checked', { enabled: false }],
  ])('are no matter when %s', (_what, parts) => {
    expectWarnings(file(parts), 'yaml', []);
  });
});
