export { DEFAULT_LIMIT, MAX_LIMIT } from './api/parameters.ts';
export { createAdminApp, type FaultListener } from './app.ts';
export { AdminClient } from './client.ts';
export { fromProblem, PROBLEM_TYPE, type Problem, toProblem } from './problem.ts';
export { AdminServer, type AdminServerOptions } from './server.ts';
export { defaultAdminSocket } from './socket.ts';
export { TcpAdmin, type TcpAdminOptions } from './tcp/tcp-admin.ts';
export type { AdminClientOptions, SocketAddress, UrlAddress } from './transport.ts';
export type { BalancerView } from './view.ts';
