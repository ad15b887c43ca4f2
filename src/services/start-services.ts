/**
 * Starts the services of every cluster: lin-kv, seq-kv, lww-kv and lin-tso.
 *
 * The code is the same in both worlds; randomness comes from the given stream, with one child per service.
 */
import type { ViolationLog } from '../network/violations.ts';
import type { Random } from '../world/random.ts';
import { LinKv } from './lin-kv.ts';
import { LinTso } from './lin-tso.ts';
import { LwwKv } from './lww-kv.ts';
import { SeqKv } from './seq-kv.ts';
import { ServiceEndpoint, type ServiceMachine, type ServiceNetwork } from './service.ts';
import { ServiceMemory } from './service-memory.ts';

/** Names that are reserved in every network: no node may have one of them. */
export const SERVICE_NAMES = ['lin-kv', 'seq-kv', 'lww-kv', 'lin-tso'] as const;

/** Describes each service, in Markdown. */
export const SERVICE_WORDS: Readonly<Record<(typeof SERVICE_NAMES)[number], string>> = {
  'lin-kv': 'a linearizable key-value store: every request sees all requests that completed before it began',
  'seq-kv':
    'a sequentially consistent key-value store: every client sees the changes in the same order, its own immediately, others perhaps late. A request that changes nothing may be answered from an old state',
  'lww-kv':
    'an eventually consistent key-value store: any of several replicas may answer; for each key, the last write wins',
  'lin-tso': 'a timestamp oracle: it returns increasing integers',
};

export interface ServicesOptions {
  readonly network: ServiceNetwork;
  readonly random: Random;
  readonly violations: ViolationLog;
  /** Shared by all built-in services. */
  readonly memory?: ServiceMemory;
  /** Creates the user's own services, each with its own random stream. */
  readonly own?: readonly OwnStart[];
}

/** A service of the user's. */
export interface OwnStart {
  readonly name: string;
  readonly start: (random: Random) => ServiceMachine;
}

/** Attaches a fresh instance of every service to the network. */
export function startServices({
  network,
  random,
  violations,
  memory = new ServiceMemory(),
  own = [],
}: ServicesOptions): void {
  const machines: readonly ServiceMachine[] = [
    new LinKv('lin-kv', memory),
    new SeqKv(random.child('seq-kv'), 'seq-kv', memory),
    new LwwKv(random.child('lww-kv'), 'lww-kv', undefined, memory),
    new LinTso(),
    ...own.map(({ name, start }) => start(random.child(`own/${name}`))),
  ];
  for (const machine of machines) {
    const onFull = (client: string, reason: string): void =>
      violations.record(client, 'service-full', 0, () => ({
        message: `${machine.name} refused a request of ${client} with error 11: ${reason}. Expected: nodes store less data in the services, or store it on their own disks.`,
        sample: '',
      }));
    network.attach(machine.name, 'service', new ServiceEndpoint(machine, network, onFull));
  }
}
