import { device, route, settings } from '../sample-facts.fixture.ts';
import { describeChecks } from './check-cases.fixture.ts';
import { checkLocalnet } from './localnet.ts';
import { checkMtu } from './mtu.ts';
import { checkReturnPath } from './return-path.ts';
import { checkRoutes } from './routes.ts';

const target = (address: string, mode: 'nat' | 'snat' = 'nat') => ({
  targets: [{ proxy: 'web', address, mode }],
});
const routeFor = (address: string, found: Parameters<typeof route>[0] | null) => ({
  routes: new Map([[address, found === null ? null : route(found)]]),
});

describeChecks('the checks of targets', [
  {
    name: 'accepts targets with routes',
    check: checkRoutes,
    finds: ['ok'],
    says: /^1 target can be routed to$/,
  },
  {
    name: 'counts targets on this host',
    check: checkRoutes,
    facts: routeFor('192.0.2.9', { type: 'local', dev: 'lo' }),
    finds: ['ok'],
    says: /1 of them on this host/,
  },
  {
    name: 'refuses a target without a route',
    check: checkRoutes,
    facts: routeFor('192.0.2.9', null),
    finds: ['fail'],
    fix: /ip route add 192\.0\.2\.9/,
  },
  {
    name: 'refuses an unreachable route',
    check: checkRoutes,
    facts: { routes: new Map([['192.0.2.9', { type: 'unreachable' }]]) },
    finds: ['fail'],
    says: /"unreachable"/,
  },
  {
    name: 'refuses a broadcast address',
    check: checkRoutes,
    facts: routeFor('192.0.2.9', { type: 'broadcast' }),
    finds: ['fail'],
  },
  {
    name: 'warns of a target that does not answer',
    check: checkRoutes,
    facts: { neighbours: [{ address: '192.0.2.9', dev: 'eth0', mac: null, state: 'FAILED' }] },
    finds: ['warn'],
    says: /192\.0\.2\.9 on eth0/,
  },
  {
    name: 'warns of a gateway that does not answer',
    check: checkRoutes,
    facts: {
      ...routeFor('192.0.2.9', { gateway: '192.0.2.1' }),
      neighbours: [{ address: '192.0.2.1', dev: 'eth0', mac: null, state: 'INCOMPLETE' }],
    },
    finds: ['warn'],
    says: /^192\.0\.2\.1 on eth0/,
  },
  {
    name: 'accepts a stale neighbour',
    check: checkRoutes,
    facts: { neighbours: [{ address: '192.0.2.9', dev: 'eth0', mac: '02:00:00:00:00:01', state: 'STALE' }] },
    finds: ['ok'],
  },
  { name: 'accepts equal MTUs', check: checkMtu, finds: ['ok'] },
  {
    name: 'warns of a smaller MTU on the way',
    check: checkMtu,
    facts: routeFor('192.0.2.9', { mtu: 1400 }),
    finds: ['warn'],
    says: /192\.0\.2\.9: 1400/,
  },
  {
    name: 'warns of a smaller interface on the way',
    check: checkMtu,
    facts: {
      ...routeFor('192.0.2.9', { dev: 'tun0' }),
      interfaces: [device(), device({ index: 3, name: 'tun0', mtu: 1420 })],
    },
    finds: ['warn'],
    says: /1420/,
  },
  {
    name: 'has nothing to say of targets on this host',
    check: checkMtu,
    facts: routeFor('192.0.2.9', { type: 'local', dev: 'lo' }),
    finds: [],
  },
  { name: 'has nothing to say without loopback targets', check: checkLocalnet, finds: [] },
  {
    name: 'wants route_localnet for loopback targets',
    check: checkLocalnet,
    subject: target('127.0.0.1'),
    finds: ['fail'],
    fix: /eth0\.route_localnet=1/,
  },
  {
    name: 'accepts route_localnet',
    check: checkLocalnet,
    subject: target('127.0.0.1'),
    facts: { settings: new Map([['eth0', settings({ routeLocalnet: true })]]) },
    finds: ['ok'],
  },
  {
    name: 'wants nothing of lo',
    check: checkLocalnet,
    subject: { ...target('127.0.0.1'), interfaces: [{ name: 'lo', attach: 'auto' }] },
    facts: {
      interfaces: [device({ name: 'lo', kind: 'loopback' })],
      settings: new Map([['lo', settings()]]),
    },
    finds: ['ok'],
  },
  {
    name: 'reminds that replies must come back',
    check: checkReturnPath,
    finds: ['hint'],
    fix: /default via 192\.0\.2\.2/,
  },
  {
    name: 'warns of targets behind a router',
    check: checkReturnPath,
    facts: routeFor('192.0.2.9', { gateway: '192.0.2.1' }),
    finds: ['warn'],
    fix: /mode: snat/,
  },
  {
    name: 'has nothing to say in mode snat',
    check: checkReturnPath,
    subject: target('192.0.2.9', 'snat'),
    finds: [],
  },
]);
