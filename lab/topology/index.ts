export type { HostPlan, HostRole, InterfacePlan, Topology } from './plan.ts';
export { creationBatch, devicesByNamespace, hostScript, switchScript } from './script.ts';
export { type ClientSpec, type FullSpec, fullSpec, type LabSpec, type RouterSpec } from './spec.ts';
export { layOut } from './topology.ts';
