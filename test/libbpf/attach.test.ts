import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  attachTc,
  BpfLink,
  BpfObject,
  createTcHook,
  destroyTcHook,
  detachTc,
  kernelHas,
  linkIds,
  queryTc,
  queryXdp,
} from '../../src/libbpf/index.ts';
import { beside, compileBpf } from './compile.ts';

const DEVICE = 'abpfveth0';
const PEER = 'abpfveth1';
const PIN_FOLDER = '/sys/fs/bpf/sluice-test-attach';

function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: 'pipe' });
}

describe('a program at an interface', () => {
  let object: BpfObject;
  let ifindex: number;

  beforeAll(() => {
    using compiled = compileBpf(beside('maps.bpf.c'));
    object = BpfObject.open(compiled.path);
    object.load();
    mkdirSync(PIN_FOLDER, { recursive: true });
  });

  afterAll(() => {
    object.close();
    rmdirSync(PIN_FOLDER);
  });

  beforeEach(() => {
    ip('link', 'add', DEVICE, 'type', 'veth', 'peer', 'name', PEER);
    ifindex = Number(readFileSync(`/sys/class/net/${DEVICE}/ifindex`, 'utf8'));
  });

  afterEach(() => {
    for (const pin of readdirSync(PIN_FOLDER)) rmSync(`${PIN_FOLDER}/${pin}`);
    try {
      ip('link', 'delete', DEVICE);
    } catch {
      // A test has deleted it.
    }
  });

  it.each(['native', 'generic'] as const)('sits at XDP in %s mode until its link is closed', (mode) => {
    using program = object.openProgram('pass_all');
    const link = BpfLink.attachXdp(program, ifindex, mode);
    expect(link.info).toMatchObject({ type: 'xdp', ifindex, programId: program.info.id });
    expect(queryXdp(ifindex)).toMatchObject({ mode, [`${mode}ProgramId`]: program.info.id });
    expect(linkIds()).toContain(link.info.id);
    link.close();
    expect(queryXdp(ifindex)).toMatchObject({ mode: 'none', nativeProgramId: 0, genericProgramId: 0 });
  });

  it('does not push another XDP program aside', () => {
    using first = object.openProgram('pass_all');
    using second = object.openProgram('flip_byte');
    using _link = BpfLink.attachXdp(first, ifindex, 'native');
    expect(() => BpfLink.attachXdp(second, ifindex, 'native')).toThrow(
      expect.objectContaining({ code: 'busy', errnoName: 'EBUSY' }),
    );
    expect(queryXdp(ifindex).nativeProgramId).toBe(first.info.id);
  });

  it('says that an interface does not exist', () => {
    using program = object.openProgram('pass_all');
    expect(() => BpfLink.attachXdp(program, 999_999, 'generic')).toThrow(
      expect.objectContaining({ code: 'not_found' }),
    );
    expect(() => queryXdp(999_999)).toThrow(expect.objectContaining({ code: 'not_found' }));
  });

  it('is replaced in one step', () => {
    using first = object.openProgram('pass_all');
    using second = object.openProgram('flip_byte');
    using link = BpfLink.attachXdp(first, ifindex, 'native');
    link.update(second);
    expect(link.info.programId).toBe(second.info.id);
    expect(queryXdp(ifindex).nativeProgramId).toBe(second.info.id);
  });

  it('stays while its link is pinned, and goes when the pin is opened and detached', () => {
    using program = object.openProgram('pass_all');
    const pin = `${PIN_FOLDER}/link`;
    const link = BpfLink.attachXdp(program, ifindex, 'native');
    link.pin(pin);
    link.close();
    expect(queryXdp(ifindex).mode).toBe('native');
    using again = BpfLink.fromPin(pin);
    again.detach();
    expect(queryXdp(ifindex).mode).toBe('none');
    expect(again.info.ifindex).toBe(0);
  });

  it('tells by its link that the device has gone', () => {
    using program = object.openProgram('pass_all');
    using link = BpfLink.attachXdp(program, ifindex, 'native');
    ip('link', 'delete', DEVICE);
    expect(link.info.ifindex).toBe(0);
    expect(() => link.update(program)).toThrow(expect.objectContaining({ code: 'not_found' }));
  });

  it.runIf(kernelHas('tcx'))('sits at TCX, both ways (needs Linux 6.6)', () => {
    using program = object.openProgram('tc_pass');
    using ingress = BpfLink.attachTcx(program, ifindex, 'ingress');
    using egress = BpfLink.attachTcx(program, ifindex, 'egress');
    expect(ingress.info).toMatchObject({ type: 'tcx', ifindex, direction: 'ingress' });
    expect(egress.info).toMatchObject({ type: 'tcx', ifindex, direction: 'egress' });
  });

  it('sits at a TC hook, where it is found, replaced and taken away', () => {
    using first = object.openProgram('tc_pass');
    using second = object.openProgram('emit_record');
    const filter = { ifindex, direction: 'ingress', priority: 7, handle: 3 } as const;
    expect(queryTc(filter)).toBeNull();
    expect(createTcHook(ifindex)).toBe(true);
    expect(createTcHook(ifindex)).toBe(false);
    expect(queryTc(filter)).toBeNull();
    attachTc(filter, first);
    expect(queryTc(filter)).toBe(first.info.id);
    expect(queryTc({ ...filter, direction: 'egress' })).toBeNull();
    expect(() => attachTc(filter, second)).toThrow(expect.objectContaining({ code: 'exists' }));
    attachTc(filter, second, true);
    expect(queryTc(filter)).toBe(second.info.id);
    expect(detachTc(filter)).toBe(true);
    expect(detachTc(filter)).toBe(false);
    expect(destroyTcHook(ifindex)).toBe(true);
    expect(destroyTcHook(ifindex)).toBe(false);
  });

  it('says why it cannot sit at a TC hook that is not there', () => {
    using program = object.openProgram('tc_pass');
    const filter = { ifindex, direction: 'ingress', priority: 1, handle: 1 } as const;
    expect(() => attachTc(filter, program)).toThrow(`attaching to TC ingress of ${DEVICE}`);
  });
});
