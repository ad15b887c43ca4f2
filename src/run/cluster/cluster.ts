/**
 * The nodes under test: started and initialised together, watched, killed and paused by the nemesis, and stopped.
 *
 * Any failure of a node (no reply to `init`, an error, an exit) becomes a `NodeProblem` with an explanation.
 */
import type {
  MembershipAnswer,
  MembershipControl,
  NodeControl,
  NodeActionResult,
} from '../../nemesis/node-control.ts';
import type { Network } from '../../network/network.ts';
import type { GivenMessage, NodePort } from '../../network/node-port.ts';
import { addMemberRpc, removeMemberRpc } from '../../protocol/rpcs/membership.ts';
import type { RpcDefinition } from '../../protocol/rpc/rpc.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { NANOS_PER_SECOND, type Clock } from '../../world/clock.ts';
import type { MarkedLine, NodeExit, NodeHandle, World } from '../../world/world.ts';
import { UserError } from '../../protocol/user-error.ts';
import { ClusterNode, type OwnLink, type StartOutcome, type UnreadInput } from './cluster-node.ts';
import { startPaced } from './paced-start.ts';
import { givenLast, lastWords, otherRuntime, uncaughtRpc } from './last-words.ts';
import type { ProtocolRecord } from '../records/protocol-record.ts';
import type { RunOutputs } from '../run-outputs.ts';
import type { RunTime } from '../run-time.ts';
import { SaidProblems } from '../records/said-problems.ts';
import type { TestSpec } from '../test-spec.ts';

export type NodeProblem = {
  readonly node: string;
  /** `not-restarted`: it was killed by a fault and did not come up again. */
  readonly kind: 'crashed' | 'not-initialised' | 'not-restarted' | 'set-up-failed';
  readonly message: string;
  /** Nanoseconds of the run's time, or since the start if the run never reached its operations. */
  readonly time: number;
  /** How its process ended, if it crashed. */
  readonly exit?: NodeExit;
};

export interface ClusterOptions {
  readonly spec: TestSpec;
  readonly world: World;
  readonly network: Network;
  readonly protocol: ProtocolRecord;
  /** Called with a line of a node's stderr that is addressed to the harness. */
  readonly onMarked?: (node: string, line: MarkedLine) => void;
  /** Called when a process of a node starts (true) or has ended (false). */
  readonly onLife?: (node: string, isRunning: boolean) => void;
  readonly outputs: RunOutputs;
  /** The name of a node's log as results show it. */
  readonly logName: (node: string) => string | undefined;
  readonly time: RunTime;
  /** Opens a client's connection bound to that node; the caller must close it. */
  readonly connect: (node: string) => OwnLink;
  /** Called when a process cannot be started for a reason of the machine or the program, so that the run cannot go on. */
  readonly onRefused: (problem: UserError) => void;
}

export class Cluster implements NodeControl, MembershipControl {
  /** All problems so far. */
  readonly problems: NodeProblem[] = [];
  private readonly said = new SaidProblems();
  /** All nodes, including former members. */
  private readonly nodes: Map<string, ClusterNode>;
  private memberNames: readonly string[];
  private readonly clock: Clock;
  private stopping = false;
  /** Number of nodes not yet started for the first time. */
  private unbegun = 0;

  constructor(private readonly options: ClusterOptions) {
    this.clock = options.world.clock;
    this.memberNames = options.spec.nodes;
    this.nodes = new Map(options.spec.nodes.map((name) => [name, this.makeNode(name)]));
  }

  /**
   * Starts and initialises all nodes, as many at once as the world allows; calls back when each has answered, failed,
   * or timed out. After a failure no more nodes are started.
   */
  startAll(done: () => void): void {
    const { startsAtOnce = Infinity } = this.options.world;
    this.unbegun = this.nodes.size;
    const begin = (node: ClusterNode, ended: () => void): void => {
      this.unbegun--;
      const onOutcome = (outcome: StartOutcome): void => {
        if (outcome.kind === 'problem' && !this.stopping)
          this.reportWithLog(node.name, 'not-initialised', outcome.message);
        ended();
      };
      try {
        node.start(onOutcome);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        this.options.onRefused(error);
        ended();
      }
    };
    const isOver = (): boolean => this.stopping || this.problems.length > 0;
    startPaced([...this.nodes.values()], { clock: this.clock, atOnce: startsAtOnce, begin, isOver }, done);
  }

  kill(name: string): NodeActionResult {
    return this.stopping ? 'not-running' : this.node(name).kill();
  }

  start(name: string, done: (result: NodeActionResult) => void): void {
    if (this.stopping) return done('not-running');
    this.node(name).restart(done, (message) => this.reportWithLog(name, 'not-restarted', message));
  }

  pause(name: string): NodeActionResult {
    return this.stopping ? 'not-running' : this.node(name).pause();
  }

  resume(name: string): NodeActionResult {
    return this.stopping ? 'not-running' : this.node(name).resume();
  }

  /** Returns the current condition of a member. */
  condition(name: string): ClusterNode['condition'] {
    return this.node(name).condition;
  }

  members(): readonly string[] {
    return this.memberNames;
  }

  runningMembers(): readonly string[] {
    return this.memberNames.filter((name) => this.node(name).isResponsive);
  }

  /** Returns the members that have stopped reading their stdin. */
  unread(): readonly UnreadInput[] {
    return this.memberNames.flatMap((name) => this.node(name).unread() ?? []);
  }

  /**
   * Returns, indexed by running member, the stderr lines that look like the cause of a crash; members without any are
   * left out.
   */
  crashLines(): ReadonlyMap<string, readonly string[]> {
    return new Map(
      this.memberNames.flatMap((name): [string, readonly string[]][] => {
        const lines = this.node(name).crashLines();
        return lines.length === 0 ? [] : [[name, lines]];
      }),
    );
  }

  /** Reports lines that members never terminated with a newline. */
  reportUnfinishedLines(): void {
    for (const name of this.memberNames) this.node(name).reportUnfinishedLine();
  }

  addMember(name: string, via: string, done: (answer: MembershipAnswer) => void): void {
    // Announced before it starts, since members may send to it from now on.
    const node = this.makeNode(name);
    node.announce();
    this.nodes.set(name, node);
    this.ask(addMemberRpc, name, via, (answer) => {
      if (answer.kind !== 'done' || this.stopping) return done(answer);
      this.memberNames = [...this.memberNames, name];
      this.start(name, (result) => done(result === 'started' ? answer : { kind: 'not-started' }));
    });
  }

  removeMember(name: string, via: string, done: (answer: MembershipAnswer) => void): void {
    this.ask(removeMemberRpc, name, via, (answer) => {
      if (answer.kind === 'done') {
        this.memberNames = this.memberNames.filter((member) => member !== name);
        this.node(name).remove();
      }
      done(answer);
    });
  }

  /** Ends all nodes; resolves when no process is left. */
  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all([...this.nodes.values()].map((node) => node.stop()));
  }

  /** Adds a problem found elsewhere. */
  report(problem: Omit<NodeProblem, 'time'>): void {
    this.problems.push({ ...problem, time: this.options.time.nowNanos() });
    this.options.outputs.log(...this.said.lineOf(problem));
  }

  private makeNode(name: string): ClusterNode {
    const { network, protocol, onMarked, onLife, outputs, spec, connect, time } = this.options;
    return new ClusterNode({
      name,
      network,
      violations: protocol.violations,
      launch: (port) => this.launch(name, port),
      connect: () => connect(name),
      nodeIds: () => this.memberNames,
      onCrash: (exit, given) => this.crashed(name, exit, given),
      onRefused: (problem) => this.options.onRefused(problem),
      clock: this.clock,
      othersStart: () =>
        this.unbegun > 0 || [...this.nodes.values()].some((one) => one.name !== name && one.isBusyStarting),
      initTimeoutSeconds: spec.initTimeoutSeconds,
      onMarked: onMarked && ((line) => onMarked(name, line)),
      onLife: onLife && ((isRunning) => onLife(name, isRunning)),
      onStderr: spec.logStderr
        ? (line) => outputs.log(`${time.label()} ${name}: ${shownText(line, 2000)}`)
        : undefined,
    });
  }

  private ask(rpc: RpcDefinition, node: string, via: string, done: (answer: MembershipAnswer) => void): void {
    const link = this.options.connect(via);
    link.rpc(rpc, via, { node, node_id: node }, (reply) => {
      link.close();
      if (reply.kind === 'reply') done({ kind: 'done' });
      else if (reply.kind === 'timeout') done({ kind: 'timeout' });
      else done({ kind: 'error', code: reply.code, text: shownText(reply.text, 200) });
    });
  }

  private node(name: string): ClusterNode {
    const node = this.nodes.get(name);
    if (node === undefined) throw new Error(`Cluster: there is no node ${name}`);
    return node;
  }

  private launch(name: string, port: NodePort): NodeHandle {
    const { spec, world, outputs, time } = this.options;
    const logFile = outputs.nodeLogFile(name);
    const dataDir = outputs.nodeDataDir?.(name);
    return world.startNode(
      {
        name,
        bin: spec.bin,
        args: spec.args,
        ...(logFile === undefined ? {} : { logFile, logLabel: (nanos: number) => time.label(nanos) }),
        env: {
          ...(dataDir === undefined ? {} : { MAELSTROM_DATA_DIR: dataDir }),
          // Where the world tracks causes, nodes need not send them.
          ...(world.causes === undefined ? { MAELSTROM_CAUSES: '1' } : {}),
        },
      },
      port,
    );
  }

  private crashed(name: string, exit: NodeExit, given: GivenMessage | undefined): void {
    if (this.stopping) return;
    const seconds = (this.options.time.nowNanos() / NANOS_PER_SECOND).toFixed(1);
    this.report({
      node: name,
      kind: 'crashed',
      message: `${name} ended by itself after ${seconds} s, ${howEnded(exit)}; a node should run until it is stopped. ${watchdogWords(exit)}${simulationWords(exit)}${endedWell(exit)}${otherRuntime(exit)}${uncaughtRpc(exit)}${lastWords(exit)}${givenLast(given)}${this.whereLog(name)}`,
      exit,
    });
  }

  private reportWithLog(node: string, kind: NodeProblem['kind'], message: string): void {
    this.report({ node, kind, message: `${message}${this.whereLog(node)}` });
  }

  private whereLog(node: string): string {
    const log = this.options.logName(node);
    return log === undefined ? '' : `\n${node}'s log: ${log}`;
  }
}

const watchdogWords = ({ byWatchdog }: NodeExit): string =>
  byWatchdog === true
    ? 'This depends on the real time or memory that it used, not on the seed: another run with this seed may end differently. '
    : '';

const simulationWords = ({ notSimulated }: NodeExit): string =>
  notSimulated === true
    ? 'It needs something that the simulation lacks, so this run proves nothing about the program: run it without --simulate. '
    : '';

/** Usually the program reads one line and exits, or is a module that the program should have imported. */
function endedWell({ code, byWatchdog, notSimulated, startsInBackground }: NodeExit): string {
  if (code !== 0 || byWatchdog === true || notSimulated === true) return '';
  return startsInBackground === true
    ? 'A shell gives a command that ends in & no stdin, so a node started like that gets no messages: start it with exec, as the last command of the script. '
    : 'Did it call exit, or reach the end of the program? A node reads lines until its stdin ends (with the TypeScript SDK, `new Node()` does that). ';
}

function howEnded({ code, signal }: NodeExit): string {
  if (signal !== null) return `killed by ${signal}`;
  return code === 0 ? 'with exit code 0' : `with exit code ${code ?? 'unknown'}`;
}
