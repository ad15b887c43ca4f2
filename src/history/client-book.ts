/**
 * The clients that a run opened, each with the process whose operations it carried out and the node it talked to. A
 * process has one client at a time, and gets another when its node leaves the cluster:
 *
 *     c5: process 2 at n3, from 0 s on      c9: process 2 at n1, from 7.2 s on      c4: no process, started n5
 */
import { addTo } from '../columns/groups.ts';
import type { Op } from './op.ts';

export interface OpenedClient {
  readonly name: string;
  /** Null for clients of the run itself, which start nodes, set them up and change the membership. */
  readonly process: number | null;
  readonly node: string;
  /** Nanoseconds: when the client was opened, or for a process when its first operation was invoked. */
  readonly time: number;
}

/** Returns the node that an operation's client talked to, or undefined if that was not recorded. */
export type NodeOf = (op: Pick<Op, 'process' | 'time'>) => string | undefined;

export class ClientBook {
  private readonly byName = new Map<string, OpenedClient>();
  private readonly byProcess = new Map<number, OpenedClient[]>();

  /** Must be called in the order in which clients are opened. */
  add(client: OpenedClient): void {
    if (this.byName.has(client.name)) return;
    this.byName.set(client.name, client);
    if (client.process === null) return;
    addTo(this.byProcess, client.process, client);
  }

  get isEmpty(): boolean {
    return this.byName.size === 0;
  }

  all(): readonly OpenedClient[] {
    return [...this.byName.values()];
  }

  client(name: string): OpenedClient | undefined {
    return this.byName.get(name);
  }

  /** Returns the client that carried out the operation with this invocation or completion. */
  clientOf({ process, time }: Pick<Op, 'process' | 'time'>): OpenedClient | undefined {
    if (process === 'nemesis') return undefined;
    return this.byProcess.get(process)?.findLast((client) => client.time <= time);
  }

  readonly nodeOf: NodeOf = (op) => this.clientOf(op)?.node;
}
