import { release } from 'node:os';
import { isAtLeast } from '../../../src/doctor/kernel-release.ts';
import { tell } from './checker.ts';

tell({ type: 'started', release: release(), architecture: process.arch, node: process.version });
// Only what is needed is loaded: an emulated machine takes seconds for it.
if (isAtLeast(release(), [5, 15])) await (await import('./service.ts')).serve();
else await (await import('./refusal.ts')).refuse();
tell({ type: 'done' });
