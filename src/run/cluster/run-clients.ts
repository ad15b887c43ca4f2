/** The clients of a run, each with its connection: one for each thread that makes requests, and those of the run itself. */
import type { PlannedOp } from '../../generator/generator.ts';
import { ClientBook, type NodeOf } from '../../history/client-book.ts';
import type { Network } from '../../network/network.ts';
import type { ViolationLog } from '../../network/violations.ts';
import type { World } from '../../world/world.ts';
import type { Client, PreparedWorkload } from '../../workloads/workload.ts';
import { ClientConnection } from './client-connection.ts';
import type { RunOutputs } from '../run-outputs.ts';
import type { RunTime } from '../run-time.ts';
import type { TestSpec } from '../test-spec.ts';

export interface RunClientsSettings {
  readonly spec: TestSpec;
  readonly world: World;
  readonly network: Network;
  readonly prepared: PreparedWorkload;
  readonly violations: ViolationLog;
  readonly time: RunTime;
  readonly outputs: RunOutputs;
  /** Returns the nodes that clients may talk to now. */
  readonly nodes: () => readonly string[];
}

interface OpenClient {
  readonly client: Client;
  readonly connection: ClientConnection;
}

export class RunClients {
  private readonly byThread = new Map<number, OpenClient>();
  private readonly book = new ClientBook();
  private count = 0;

  constructor(private readonly settings: RunClientsSettings) {}

  /** Returns the node that served an operation of this run. */
  readonly nodeOf: NodeOf = (op) => this.book.nodeOf(op);

  /** Returns the client of a thread. It is another one when its node has left the nodes that clients may talk to. */
  ofThread(thread: number, { process, timeNanos }: PlannedOp & { readonly process: number }): Client {
    const { spec, prepared } = this.settings;
    const nodes = this.settings.nodes();
    const open = this.byThread.get(thread);
    if (open !== undefined && nodes.includes(open.connection.node)) return open.client;
    open?.connection.close();
    const given = spec.course?.threads?.[thread];
    const node = given !== undefined && nodes.includes(given) ? given : nodes[thread % nodes.length];
    const connection = this.connect(node ?? '', process, timeNanos);
    const client = prepared.client(connection);
    this.byThread.set(thread, { client, connection });
    return client;
  }

  /** Closes the client of a thread whose process has crashed. */
  retire(thread: number): void {
    this.byThread.get(thread)?.connection.close();
    this.byThread.delete(thread);
  }

  /** Opens a connection for the run itself, which the caller closes. */
  connectRun(node: string): ClientConnection {
    return this.connect(node, null, this.settings.world.clock.nowNanos());
  }

  closeAll(): void {
    for (const { connection } of this.byThread.values()) connection.close();
  }

  private connect(node: string, process: number | null, time: number): ClientConnection {
    const { spec, world, network, violations, outputs, time: runTime } = this.settings;
    const name = `c${this.count++}`;
    this.book.add({ name, process, node, time: time - runTime.zeroNanos });
    outputs.clientOpened?.({ name, process, node, time });
    return new ClientConnection({ name, node, nodes: spec.nodes, network, clock: world.clock, violations });
  }
}
