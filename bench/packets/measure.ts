import { z } from 'zod';
import { type Host, type OwnedProcess, until } from '../../lab/index.ts';
import { runChild } from '../child.ts';
import { type Contender, UDP_PORT } from '../contenders/contender.ts';
import { interfaceIndex } from '../interface-index.ts';
import { pinned } from '../machine.ts';
import { benchObject, benchProgram } from '../paths.ts';
import type { GenerateArguments, GenerateReport, SinkArguments } from './protocol.ts';

const DEVICE = 'eth0';
/** Beyond the time of sending itself. */
const SPARE_MS = 20_000;
const sinkReady = z.object({ sunk: z.number() });

/** One run of the generator. */
export interface PacketRun {
  /** UDP conversations that the packets belong to. */
  readonly flows: number;
  readonly durationMs: number;
}

/**
 * Sends packets from the client through a contender to the target; one core does everything.
 * @returns packets that arrived, a second of that core's time
 * @throws SluiceError when a program does not run or nothing arrives; the signal's reason
 */
export async function measurePackets(
  contender: Contender,
  run: PacketRun,
  signal: AbortSignal,
): Promise<number> {
  const { lab, address } = contender;
  const [client, target] = [lab.client(), lab.target()];
  await using sink = await startSink(target);
  const args: GenerateArguments = {
    ...run,
    object: benchObject('generate'),
    ifindex: await interfaceIndex(client, DEVICE),
    sunk: sinkReady.parse(JSON.parse(sink.stdout)).sunk,
    sourceMac: client.interface(DEVICE).mac,
    destinationMac: client.gatewayMac ?? '',
    source: client.v4,
    destination: address,
    port: UDP_PORT,
  };
  const report = await runChild<GenerateReport>(client, pinned(benchProgram('packets/generate', args)), {
    timeoutMs: run.durationMs + SPARE_MS,
    signal,
  });
  return (report.received * 1000) / report.cpuMs;
}

async function startSink(target: Host): Promise<OwnedProcess> {
  const args: SinkArguments = {
    object: benchObject('sink'),
    ifindex: await interfaceIndex(target, DEVICE),
    port: UDP_PORT,
  };
  const process = target.spawn(benchProgram('packets/sink', args));
  try {
    await until(() => process.stdout.endsWith('\n'), process);
    return process;
  } catch (error) {
    await process.close();
    throw error;
  }
}
