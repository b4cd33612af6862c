export { type DnsmasqOptions, startDnsmasq, WHO } from './dnsmasq.ts';
export { type EchoOptions, startTcpEcho, startUdpEcho } from './echo.ts';
export { type LabFile, makeFile } from './files.ts';
export { type HaproxyReceiverOptions, startHaproxyReceiver } from './haproxy.ts';
export { type Iperf3ServerOptions, startIperf3 } from './iperf3.ts';
export { NAME_DOMAIN, type NameServer, type NameServerOptions, startNameServer } from './name-server.ts';
export {
  filesDirectory,
  type NginxOptions,
  type NginxRequest,
  type NginxService,
  sha256,
  startNginx,
} from './nginx.ts';
export { type PrometheusService, startPrometheus } from './prometheus.ts';
export { bindsUdp, listensOnTcp, type Service, serviceWhen, until } from './ready.ts';
