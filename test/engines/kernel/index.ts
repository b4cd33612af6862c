export { KernelEngine } from './kernel-engine.ts';
