export {
  type BoundedServerOptions,
  closeHttpServer,
  createBoundedServer,
  type TlsFiles,
} from './bounded-server.ts';
export { type ListenOptions, listenOnTcp } from './listen.ts';
