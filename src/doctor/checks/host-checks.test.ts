import { checkBpffs } from './bpffs.ts';
import { describeChecks } from './check-cases.fixture.ts';
import { checkJit } from './jit.ts';
import { checkKernel } from './kernel.ts';
import { checkLibbpf } from './libbpf.ts';
import { checkPrivileges } from './privileges.ts';

const bits = (...numbers: number[]) => numbers.reduce((mask, bit) => mask | (1n << BigInt(bit)), 0n);

describeChecks('the checks of the host', [
  { name: 'accepts 5.15', check: checkKernel, facts: { kernelRelease: '5.15.0' }, finds: ['ok'] },
  { name: 'accepts 10.2', check: checkKernel, facts: { kernelRelease: '10.2.1' }, finds: ['ok'] },
  {
    name: 'refuses 5.10',
    check: checkKernel,
    facts: { kernelRelease: '5.10.0-28' },
    finds: ['fail'],
    fix: /5\.15/,
  },
  { name: 'accepts a libbpf that loads', check: checkLibbpf, finds: ['ok'], says: /^version 1\.1$/ },
  {
    name: 'refuses a missing libbpf',
    check: checkLibbpf,
    facts: { libbpf: { problem: 'no such file' } },
    finds: ['fail'],
    says: /no such file/,
    fix: /apt-get install libbpf1/,
  },
  { name: 'accepts root', check: checkPrivileges, finds: ['ok'] },
  {
    name: 'accepts the three capabilities',
    check: checkPrivileges,
    facts: { capabilities: bits(12, 38, 39) },
    finds: ['ok'],
  },
  {
    name: 'accepts CAP_SYS_ADMIN in place of CAP_BPF',
    check: checkPrivileges,
    facts: { capabilities: bits(12, 21) },
    finds: ['ok'],
  },
  {
    name: 'wants CAP_NET_ADMIN beside CAP_SYS_ADMIN',
    check: checkPrivileges,
    facts: { capabilities: bits(21) },
    finds: ['fail'],
    says: /^CAP_NET_ADMIN missing$/,
  },
  {
    name: 'names what is missing',
    check: checkPrivileges,
    facts: { capabilities: bits(39) },
    finds: ['fail'],
    says: /^CAP_NET_ADMIN, CAP_PERFMON missing$/,
  },
  {
    name: 'refuses a user namespace',
    check: checkPrivileges,
    facts: { userNamespace: true },
    finds: ['fail'],
    says: /user namespace/,
  },
  {
    name: 'warns when capabilities cannot be read',
    check: checkPrivileges,
    facts: { capabilities: null },
    finds: ['warn'],
  },
  { name: 'accepts a mounted bpffs', check: checkBpffs, finds: ['ok'] },
  {
    name: 'gives the mount command',
    check: checkBpffs,
    facts: { bpffs: false },
    finds: ['fail'],
    fix: /^mount -t bpf -o mode=0700 bpf \/sys\/fs\/bpf$/,
  },
  { name: 'accepts the compiler', check: checkJit, finds: ['ok'] },
  {
    name: 'warns of the interpreter',
    check: checkJit,
    facts: { jit: '0' },
    finds: ['warn'],
    fix: /bpf_jit_enable=1/,
  },
  { name: 'says where to look when it cannot tell', check: checkJit, facts: { jit: null }, finds: ['hint'] },
]);
