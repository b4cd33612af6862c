export { Capture, type CaptureOptions } from './capture.ts';
export { Conversation, type ConversationState } from './conversation.ts';
export { type FetchOptions, fetchMany, httpUrl, type UdpOptions, udpMany } from './fetch.ts';
export { type FloodOptions, sendFrames, synFlood, udpFlood } from './inject.ts';
export { PacedClients, type PacedOptions } from './paced-clients.ts';
export { type ConnectOptions, SocketAgent } from './socket-agent.ts';
export {
  type TlsGetOptions,
  type TlsGetResult,
  type TlsManyOptions,
  type TlsManyResult,
  type TlsWay,
  tlsGet,
  tlsMany,
} from './tls.ts';
export {
  curl,
  dig,
  type Iperf3Options,
  type Iperf3Result,
  iperf3,
  parseWrk,
  type WrkOptions,
  type WrkResult,
  wrk,
} from './tools.ts';
