/**
 * The services every cluster finds beside it: lin-kv, seq-kv, lww-kv and lin-tso.
 *
 * The same code in both worlds; chance comes from the given stream, one child for each service.
 */
import type { Random } from '../world/random.ts';
import { LinKv } from './lin-kv.ts';
import { LinTso } from './lin-tso.ts';
import { LwwKv } from './lww-kv.ts';
import { SeqKv } from './seq-kv.ts';
import { ServiceEndpoint, type ServiceNetwork } from './service.ts';

/** Names that are taken in every network: no node may have one of them. */
export const SERVICE_NAMES: readonly string[] = ['lin-kv', 'seq-kv', 'lww-kv', 'lin-tso'];

/** Attaches a fresh instance of every service to the network. */
export function startServices(options: { readonly network: ServiceNetwork; readonly random: Random }): void {
  const { network, random } = options;
  const machines = [
    new LinKv(),
    new SeqKv(random.child('seq-kv')),
    new LwwKv(random.child('lww-kv')),
    new LinTso(),
  ];
  for (const machine of machines) {
    network.attach(machine.name, 'service', new ServiceEndpoint(machine, network));
  }
}
