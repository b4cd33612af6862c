export { DEFAULT_LIMIT, MAX_LIMIT } from './api/parameters.ts';
export { createAdminApp, type FaultListener } from './app.ts';
export { AdminClient, type AdminClientOptions } from './client.ts';
export { fromProblem, PROBLEM_TYPE, type Problem, toProblem } from './problem.ts';
export { AdminServer, type AdminServerOptions } from './server.ts';
export { defaultAdminSocket } from './socket.ts';
export type { BalancerView } from './view.ts';
