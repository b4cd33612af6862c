export {
  type BoundedServerOptions,
  closeHttpServer,
  createBoundedServer,
  type TlsFiles,
} from './bounded-server.ts';
export { type ChangingSettings, followSettings } from './follow-settings.ts';
export { type ListenOptions, listenOnTcp } from './listen.ts';
