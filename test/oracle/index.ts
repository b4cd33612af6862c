export { createOracle, runCase } from './oracle.ts';
