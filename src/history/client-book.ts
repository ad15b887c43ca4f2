/**
 * The clients that a run opened, each with the process whose operations it carried out and the node that it
 * talked to. A process has one client at a time; it gets another when its node leaves the cluster:
 *
 *     c5: process 2 at n3, from 0 s on      c9: process 2 at n1, from 7.2 s on      c4: no process, started n5
 */
import { addTo } from '../columns/groups.ts';
import type { Op } from './op.ts';

export interface OpenedClient {
  readonly name: string;
  /** Null for those of the run itself, which start nodes, set up, and change the membership. */
  readonly process: number | null;
  readonly node: string;
  /** Nanoseconds: when it was opened; for a process, when its first operation was invoked. */
  readonly time: number;
}

/** The node to which an operation's client talked; undefined where that was not recorded. */
export type NodeOf = (op: Pick<Op, 'process' | 'time'>) => string | undefined;

export class ClientBook {
  private readonly byName = new Map<string, OpenedClient>();
  private readonly byProcess = new Map<number, OpenedClient[]>();

  /** In the order in which they are opened. */
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

  /** The client that carried out the operation of which this is the invocation or the completion. */
  clientOf({ process, time }: Pick<Op, 'process' | 'time'>): OpenedClient | undefined {
    if (process === 'nemesis') return undefined;
    return this.byProcess.get(process)?.findLast((client) => client.time <= time);
  }

  readonly nodeOf: NodeOf = (op) => this.clientOf(op)?.node;
}
