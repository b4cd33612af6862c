export { addressBytes, addressText } from './address.ts';
export {
  type EthernetFields,
  ethernetFrame,
  type IpFields,
  icmpMessage,
  ipPacket,
  type TcpFields,
  tcpSegment,
  udpDatagram,
} from './build.ts';
export { internetChecksum, pseudoHeader } from './checksum.ts';
export { decodeFrame, decodeIp } from './decode.ts';
export type { DecodedFrame, DecodedIp, DecodedTransport } from './decoded.ts';
export { type CapturedFrame, parsePcap } from './pcap.ts';
export { ETHER_TYPE, PROTOCOL } from './protocol.ts';
export { reassemble } from './reassemble.ts';
export { type ChecksumFault, checksumFaults } from './verify.ts';
