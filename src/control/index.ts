export { detachInstance } from './detach-instance.ts';
export { LoadBalancer, type StartOptions } from './load-balancer.ts';
