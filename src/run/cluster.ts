/**
 * The nodes under test: started and initialised together, watched, and stopped.
 *
 * Whatever a node does (no answer to `init`, an error, an exit) becomes a `NodeProblem` with its explanation.
 */
import type { Network } from '../network/network.ts';
import { NodePort } from '../network/node-port.ts';
import { shownText } from '../protocol/shown-text.ts';
import { initRpc } from '../protocol/rpcs/init.ts';
import { NANOS_PER_SECOND, type Clock } from '../world/clock.ts';
import type { NodeExit, NodeHandle, World } from '../world/world.ts';
import type { ClientLink, Reply } from '../workloads/workload.ts';
import type { ProtocolRecord } from './protocol-record.ts';
import type { RunOutputs } from './run-outputs.ts';
import type { TestSpec } from './test-spec.ts';

const INIT_TIMEOUT_MS = 10_000;

/** What went wrong with a node, in words. */
export interface NodeProblem {
  readonly node: string;
  readonly kind: 'crashed' | 'not-initialised' | 'set-up-failed';
  readonly message: string;
  /** Nanoseconds since the run began. */
  readonly time: number;
  /** How its process ended, when it crashed. */
  readonly exit?: NodeExit;
}

export interface ClusterOptions {
  readonly spec: TestSpec;
  readonly world: World;
  readonly network: Network;
  readonly protocol: ProtocolRecord;
  readonly outputs: RunOutputs;
  /** Opens a client's connection bound to that node; the caller closes it. */
  readonly connect: (node: string) => ClientLink & { close(): void };
}

interface Member {
  readonly name: string;
  readonly port: NodePort;
  handle: NodeHandle | undefined;
  /** Called when the node ends while somebody waits for its `init_ok`. */
  onEnd: (() => void) | undefined;
}

export class Cluster {
  /** Everything that has gone wrong so far. */
  readonly problems: NodeProblem[] = [];
  private readonly members: readonly Member[];
  private readonly clock: Clock;
  private stopping = false;

  constructor(private readonly options: ClusterOptions) {
    this.clock = options.world.clock;
    this.members = options.spec.nodes.map((name) => this.member(name));
    for (const { name, port } of this.members) options.network.attach(name, 'node', port);
  }

  /** Starts and initialises all nodes at once; calls back when each has answered, failed, or run out of time. */
  start(done: () => void): void {
    let waiting = this.members.length;
    const ready = (): void => {
      waiting--;
      if (waiting === 0) done();
    };
    for (const member of this.members) {
      member.handle = this.launch(member);
      this.initialise(member, ready);
    }
  }

  /** Ends all nodes; resolves when no process is left. */
  async stop(): Promise<void> {
    this.stopping = true;
    const handles = this.members.flatMap(({ handle }) => (handle === undefined ? [] : [handle]));
    await Promise.all(handles.map((handle) => handle.stop()));
  }

  /** Adds a problem that somebody else found. */
  report(problem: Omit<NodeProblem, 'time'>): void {
    this.problems.push({ ...problem, time: this.clock.nowNanos() });
    this.options.outputs.log(problem.message);
  }

  private member(name: string): Member {
    const { network, protocol, outputs, spec } = this.options;
    const member: Member = {
      name,
      handle: undefined,
      onEnd: undefined,
      port: new NodePort({
        name,
        network,
        violations: protocol.violations,
        onExit: (exit) => this.crashed(member, exit),
        ...(spec.logStderr
          ? { onStderr: (line: string) => outputs.log(`${name}: ${shownText(line, 2000)}`) }
          : {}),
      }),
    };
    return member;
  }

  private launch(member: Member): NodeHandle {
    const { spec, world, outputs } = this.options;
    const { name, port } = member;
    const logFile = outputs.nodeLogFile(name);
    const dataDir = outputs.nodeDataDir?.(name);
    const handle = world.startNode(
      {
        name,
        bin: spec.bin,
        args: spec.args,
        ...(logFile === undefined ? {} : { logFile }),
        ...(dataDir === undefined ? {} : { env: { MAELSTROM_DATA_DIR: dataDir } }),
      },
      port,
    );
    port.connect(handle);
    return handle;
  }

  private initialise(member: Member, ready: () => void): void {
    const { name } = member;
    const link = this.options.connect(name);
    const end = (problem: string | undefined): void => {
      member.onEnd = undefined;
      link.close();
      if (problem !== undefined) this.report({ node: name, kind: 'not-initialised', message: problem });
      ready();
    };
    member.onEnd = () => end(undefined);
    const fields = { node_id: name, node_ids: this.options.spec.nodes };
    link.rpc(initRpc, name, fields, (reply) => end(this.initProblem(link, reply)), INIT_TIMEOUT_MS);
  }

  private initProblem(link: ClientLink, reply: Reply): string | undefined {
    const { node, name } = link;
    if (reply.kind === 'reply') return undefined;
    if (reply.kind === 'error') {
      return `${node} did not accept \`init\`: ${shownText(reply.text)} (error ${reply.code}).${this.whereLog(node)}`;
    }
    const expected = `{"src": "${node}", "dest": "${name}", "body": {"type": "init_ok", "in_reply_to": 1}}`;
    return (
      `${node} did not answer \`init\` within ${INIT_TIMEOUT_MS / 1000} seconds. ` +
      `Expected one line on its stdout: ${expected}. ` +
      `Does it read its stdin line by line, answer \`init\`, end the line with a newline, and flush?${this.whereLog(node)}`
    );
  }

  private crashed(member: Member, exit: NodeExit): void {
    if (this.stopping) return;
    const { name } = member;
    this.options.network.detach(name);
    const seconds = (this.clock.nowNanos() / NANOS_PER_SECOND).toFixed(1);
    const last =
      exit.lastStderr.length === 0
        ? 'It had written nothing to its stderr.'
        : `The last lines of its stderr:\n${exit.lastStderr.map((line) => `  ${shownText(line, 500)}`).join('\n')}`;
    this.report({
      node: name,
      kind: 'crashed',
      message: `${name} ended by itself after ${seconds} s, ${howEnded(exit)}; a node should run until it is stopped. ${last}${this.whereLog(name)}`,
      exit,
    });
    member.onEnd?.();
  }

  private whereLog(node: string): string {
    const log = this.options.outputs.nodeLogFile(node);
    return log === undefined ? '' : `\n${node}'s log: ${log}`;
  }
}

function howEnded({ code, signal }: NodeExit): string {
  if (signal !== null) return `killed by ${signal}`;
  return code === 0 ? 'with exit code 0' : `with exit code ${code ?? 'unknown'}`;
}
