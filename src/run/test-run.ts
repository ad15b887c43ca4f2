/**
 * A test, from the start of the nodes to the verdict.
 *
 *     starting -> set-up -> main -> healing -> recovery -> final reads -> stopping -> analysis
 *
 * Within a phase everything is callbacks on the world's clock; promises only lead from one phase to the next. Whatever
 * nodes do, the run ends with a verdict.
 */
import type { Generator } from '../generator/generator.ts';
import { sleep } from '../generator/pacing.ts';
import { ThreadBoard } from '../generator/thread-board.ts';
import { until } from '../generator/resumable.ts';
import type { NodeOf } from '../history/client-book.ts';
import { OperationNumbers, type OperationNames } from '../history/operation-names.ts';
import type { Nemesis } from '../nemesis/nemesis.ts';
import { nemesisLine } from '../nemesis/nemesis-line.ts';
import type { Network } from '../network/network.ts';
import { UserError } from '../protocol/user-error.ts';
import { startServices } from '../services/start-services.ts';
import { WrongReturn } from '../protocol/wrong-return.ts';
import { NeverReturned } from '../world/own-work.ts';
import type { World } from '../world/world.ts';
import type { Completion, PreparedWorkload, Workload } from '../workloads/workload.ts';
import { Analysis, type RunFindings, type TestResults } from './verdict/analysis.ts';
import { addAssertions } from './records/assertion-record.ts';
import { viewOf } from './cluster/cluster-view.ts';
import { Cluster } from './cluster/cluster.ts';
import { guarded, type OnThrown } from './guards/guarded-workload.ts';
import { HistoryRecorder } from './records/history-recorder.ts';
import { Interpreter } from './interpreter.ts';
import { InvariantWatch } from './invariants/invariant-watch.ts';
import { Liveness } from './verdict/liveness.ts';
import { makeNemesis } from './make-nemesis.ts';
import { makeNetwork } from './cluster/run-network.ts';
import { RunClients } from './cluster/run-clients.ts';
import { finalGenerator, livenessGenerator, mainGenerator, workGenerator } from './run-generators.ts';
import type { RunLog, RunOutputs } from './run-outputs.ts';
import { Phases } from './phases.ts';
import type { RunStatus } from './run-status.ts';
import { RunTime } from './run-time.ts';
import { hasOldReads } from './words/stale-service.ts';
import type { CheckResult } from '../checkers/checker.ts';
import { WORKLOADS } from '../workloads/index.ts';
import { evidenceOf } from './verdict/evidence-of.ts';
import { RunRecords } from './records/run-records.ts';
import type { RunParts, RunService } from './run-parts.ts';
import type { TestSpec } from './test-spec.ts';
import { workloadOptionsOf } from './workload-options.ts';
import type { Traffic } from '../world/simulated/event-budget.ts';

export type { RunOutputs } from './run-outputs.ts';
export type { TestResults } from './verdict/analysis.ts';

export class TestRun {
  private readonly phases: Phases;
  private refusal: UserError | undefined;
  private readonly prepared: PreparedWorkload;
  private readonly network: Network;
  private readonly records: RunRecords;
  private readonly invariants: InvariantWatch | undefined;
  /** What clients do until the final reads. */
  private readonly work: Generator;
  private readonly cluster: Cluster;
  private readonly nemesis: Nemesis;
  /** Set if progress of a majority is demanded. */
  private readonly liveness: Liveness | undefined;
  private readonly analysis: Analysis;
  private readonly time: RunTime;
  private readonly recorder: HistoryRecorder;
  private readonly interpreter: Interpreter;
  private readonly clients: RunClients;
  private readonly numbers = new OperationNumbers();
  private readonly services: readonly RunService[];
  private readonly describeThrown: (error: unknown) => string;
  private readonly isOwnError: RunParts['isOwnError'];

  /** Throws a UserError if the spec names something unknown, such as a nemesis. */
  constructor(
    private readonly spec: TestSpec,
    workload: Workload,
    private readonly world: World,
    private readonly outputs: RunOutputs,
    parts: RunParts = {},
  ) {
    const { faults = [], services = [] } = parts;
    this.services = services;
    this.describeThrown = parts.describeThrown ?? String;
    this.isOwnError = parts.isOwnError;
    const { random, clock } = world;
    const log: RunLog = (line, brief) => outputs.log(line, brief);
    const logName = (node: string): string | undefined =>
      outputs.nodeLogName === undefined ? outputs.nodeLogFile(node) : outputs.nodeLogName(node);
    this.time = new RunTime(clock);
    this.phases = new Phases(world, this.time, log);
    this.prepared = guarded(
      workload.prepare(workloadOptionsOf(spec, random.child('workload'), parts)),
      workload,
      { onThrown: this.onThrown, file: spec.workloadFile?.path, limitMs: parts.ownLimitMs },
    );
    this.records = new RunRecords(spec, {
      log,
      logName,
      time: this.time,
      onStateChange: (change) => outputs.stateChanged?.(change),
      kindOf: (name) => this.network.kindOf(name),
      nodeOf: this.nodeOf,
      isFaulty: () => this.activeFaults().length > 0,
    });
    this.network = makeNetwork(spec, { world, outputs, time: this.time, watch: this.records.messageWatch() });
    this.clients = new RunClients({
      spec,
      world,
      network: this.network,
      prepared: this.prepared,
      violations: this.records.protocol.violations,
      time: this.time,
      outputs,
      nodes: () => this.nodesForClients(),
    });
    this.cluster = this.makeCluster(logName);
    this.invariants = this.watchInvariants(parts, log);
    const { primaries } = this.prepared;
    this.nemesis = makeNemesis(spec, {
      network: this.network,
      random: random.child('nemesis'),
      world,
      cluster: this.cluster,
      log,
      ownKinds: faults,
      onThrown: this.onThrown,
      primaries:
        primaries &&
        ((except = []) => {
          const members = this.cluster.members().filter((node) => !except.includes(node));
          return primaries(this.network.activity(members));
        }),
    });
    const { livenessSeconds: seconds } = spec;
    this.liveness =
      seconds === undefined
        ? undefined
        : new Liveness({ world, cluster: this.cluster, network: this.network, seconds, log });
    this.work = workGenerator(spec, this.prepared);
    this.analysis = new Analysis(spec, this.prepared);
    this.recorder = this.makeRecorder();
    this.interpreter = this.makeInterpreter();
  }

  readonly nodeOf: NodeOf = (op) => this.clients.nodeOf(op);

  get names(): OperationNames {
    return { nodeOf: this.nodeOf, numberOf: this.numbers.numberOf };
  }

  status(): RunStatus {
    const { invoke: invoked, ok, fail, info } = this.recorder.tally;
    const secondsLeft = this.phases.secondsLeft();
    return {
      phase: this.phases.current,
      ...(secondsLeft === undefined ? {} : { secondsLeft }),
      invoked,
      ok,
      fail,
      info,
      messages: this.network.messages,
      activeFaults: this.activeFaults(),
    };
  }

  /** Returns how many messages were sent so far, and the last of them in words. */
  traffic(): Traffic {
    return { messages: this.network.messages, last: this.network.lastInWords() };
  }

  private activeFaults(): readonly string[] {
    return [...this.nemesis.activeFaults(), ...(this.liveness?.words() ?? [])];
  }

  /** Skips to stopping and to the analysis of what was recorded. `by` is what ends the run, such as a signal's name. */
  interrupt(by = 'its caller'): void {
    if (this.phases.areCutShort) return;
    this.phases.cutShort(by);
    this.endPhase();
  }

  private endPhase(): void {
    this.interpreter.stop();
    this.phases.end();
  }

  /**
   * Called when a function of the user's throws, which is no fault of a node: the run ends as soon as the current
   * callbacks return.
   */
  private readonly onThrown: OnThrown = (part, error) => {
    if (this.phases.areCutShort) return;
    const text =
      error instanceof NeverReturned
        ? error.message
        : `${part}${error instanceof WrongReturn ? ':' : ' threw'} ${this.describeThrown(error)}`;
    this.outputs.log(`Error in one of your own files: ${text}`);
    this.phases.cutShort('that error', text);
    const { clock } = this.world;
    clock.schedule(clock.nowNanos(), () => this.endPhase());
  };

  /** Ends a run that cannot go on and must not be judged. */
  private refuse(problem: UserError): void {
    this.refusal ??= problem;
    this.interrupt('a limit of the machine');
  }

  /**
   * Runs all phases. Rejects with a UserError for a program that this world cannot run at all, and with bugs of our
   * own, never for what nodes do.
   */
  run(): Promise<TestResults> {
    const { isOwnError } = this;
    const main = (): Promise<TestResults> => this.runAll();
    if (isOwnError === undefined) return this.world.run(main);
    return this.world.run(main, (reason) => {
      if (!isOwnError(reason)) return false;
      this.onThrown('a promise that nothing awaits', reason);
      return true;
    });
  }

  private async runAll(): Promise<TestResults> {
    startServices({
      network: this.network,
      random: this.world.random.child('services'),
      violations: this.records.protocol.violations,
      own: this.services.map(({ name, start }) => ({
        name,
        start: (random) => start({ random, onThrown: this.onThrown }),
      })),
    });
    await this.phases.during('starting', (done) => this.cluster.startAll(done));
    if (this.cluster.problems.length === 0) await this.phases.during('set-up', (done) => this.setUp(done));
    if (this.cluster.problems.length === 0) await this.operate();
    const unread = this.cluster.unread().map((one) => ({ ...one, since: one.since - this.time.zeroNanos }));
    this.cluster.reportUnfinishedLines();
    const crashLines = this.crashLines();
    this.closeAll();
    await this.cluster.stop();
    if (this.refusal !== undefined) throw this.refusal;
    await this.world.unwatched?.();
    return this.judged({ unread, crashLines });
  }

  /**
   * Judges what was recorded of a run that its world has given up, as if it had been interrupted: `run` has rejected.
   */
  givenUp(): TestResults {
    this.interrupt('its number of events');
    const crashLines = this.crashLines();
    this.closeAll();
    return this.judged({ unread: [], crashLines });
  }

  private judged(atEnd: Pick<RunFindings, 'unread' | 'crashLines'>): TestResults {
    this.phases.enter('analysis');
    const results = this.analysis.results({
      net: this.network.results(this.recorder.tally.invoke),
      protocol: this.records.protocol.result(),
      problems: this.cluster.problems,
      liveness: this.liveness?.result(this.time.zeroNanos),
      invariants: this.invariants?.result(this.time.zeroNanos),
      assertions: addAssertions(this.records.assertions.result(), this.invariants?.expected()),
      failedAssertions: this.records.assertions.failures(),
      errors: this.records.tally.result(),
      cutShort: this.phases.judgedCut(),
      lastServices: this.lastServices(),
      refusedSwaps: this.records.swaps?.result() ?? new Map(),
      ...atEnd,
      hints: (result) => this.hintSentences(result),
    });
    this.phases.enter('done');
    return results;
  }

  private hintSentences(result: CheckResult): readonly string[] {
    const seen = {
      evidence: () =>
        evidenceOf(WORKLOADS.get(this.spec.workload), { workload: result }, { nodeOf: this.nodeOf }),
      net: this.network.results(this.recorder.tally.invoke),
      nodeCount: this.spec.nodes.length,
      hasProblems: this.cluster.problems.length > 0,
    };
    return result['valid?'] === false ? this.records.hints.sentences(seen) : this.records.hints.remarks(seen);
  }

  private crashLines(): ReadonlyMap<string, readonly string[]> {
    const { unanswering } = this.records.tally;
    if (unanswering.size === 0) return new Map();
    return new Map([...this.cluster.crashLines()].filter(([node]) => unanswering.has(node)));
  }

  private lastServices(): ReadonlyMap<string, string> {
    return new Map(
      this.cluster.members().flatMap((node): [string, string][] => {
        const service = this.network.lastService(node);
        return service !== undefined && hasOldReads(service) ? [[node, service]] : [];
      }),
    );
  }

  private async operate(): Promise<void> {
    const { spec, interpreter } = this;
    const final = finalGenerator(spec, this.prepared);
    if (this.phases.areCutShort) return;
    this.time.begin();
    this.world.turningPoint?.runBegins();
    this.recorder.begin(this.time.zeroNanos);
    this.outputs.timesBegin?.(this.time.zeroNanos);
    await this.phases.during(
      'main',
      (done) => interpreter.run(mainGenerator(spec, this.work, this.nemesis.generator), done),
      spec.timeLimitSeconds,
    );
    const { liveness } = this;
    if (liveness !== undefined) {
      await this.demandProgress(liveness);
      // Without final reads the other nodes can stay broken.
      if (final === undefined) return;
      liveness.end();
    }
    if (spec.nemesis.length > 0 || spec.faultScript !== undefined || spec.course?.faults !== undefined) {
      await this.phases.during('healing', (done) => interpreter.run(this.nemesis.finalGenerator, done));
    }
    if (final === undefined) return;
    await this.phases.during(
      'recovery',
      (done) => interpreter.run(sleep(spec.recoverySeconds), done),
      spec.recoverySeconds,
    );
    await this.phases.during('final reads', (done) => interpreter.run(final, done));
  }

  private async demandProgress(liveness: Liveness): Promise<void> {
    const progress = until(() => liveness.isShown, livenessGenerator(this.spec, this.work));
    await this.phases.during('liveness', (done) =>
      liveness.begin(() => {
        if (!this.phases.areCutShort) this.interpreter.run(progress, done);
      }),
    );
    if (!this.phases.areCutShort) liveness.isJudged = true;
  }

  private setUp(done: () => void): void {
    const { prepared } = this;
    const node = this.spec.nodes[0];
    if (prepared.setup === undefined || node === undefined) return done();
    const link = this.clients.connectRun(node);
    prepared.setup(link, (problem) => {
      link.close();
      if (problem !== undefined && !this.phases.areCutShort)
        this.cluster.report({ node, kind: 'set-up-failed', message: problem });
      done();
    });
  }

  private closeAll(): void {
    this.phases.enter('stopping');
    this.clients.closeAll();
    this.network.close();
    this.records.protocol.close();
    this.invariants?.close();
  }

  private makeCluster(logName: (node: string) => string | undefined): Cluster {
    const { spec, world, outputs, records } = this;
    return new Cluster({
      spec,
      world,
      network: this.network,
      protocol: records.protocol,
      onMarked: (node, line) => records.read(node, line),
      onLife: (node, isRunning) => records.lived(node, isRunning, world.clock.nowNanos()),
      outputs,
      logName,
      time: this.time,
      connect: (node) => this.clients.connectRun(node),
      onRefused: (problem) => this.refuse(problem),
    });
  }

  private watchInvariants(
    { invariants = [], describeThrown }: RunParts,
    log: RunLog,
  ): InvariantWatch | undefined {
    if (invariants.length === 0) return undefined;
    const cluster = viewOf(this.cluster, this.network);
    return new InvariantWatch({ world: this.world, cluster, invariants, log, describeThrown });
  }

  /** The members of the cluster, or the healed majority while its progress is demanded. */
  private nodesForClients(): readonly string[] {
    const { majority = [] } = this.liveness ?? {};
    return majority.length > 0 ? majority : this.cluster.members();
  }

  private makeRecorder(): HistoryRecorder {
    return new HistoryRecorder([
      (op) => this.outputs.history.append(op),
      (op) => this.analysis.observe(op),
      (op) => this.records.observe(op),
      (op) => this.numbers.observe(op),
      (op) => this.liveness?.observe(op),
    ]);
  }

  private makeInterpreter(): Interpreter {
    const { spec, world } = this;
    const board = new ThreadBoard({
      concurrency: spec.concurrency,
      random: world.random.child('generator'),
      log: (line) => this.outputs.log(line),
    });
    return new Interpreter({
      clock: world.clock,
      board,
      record: (draft) => this.recorder.record(draft),
      causes: world.causes,
      workers: {
        client: (op, thread, done: (completion: Completion) => void) =>
          this.clients.ofThread(thread, op).invoke(op, done),
        retire: (thread) => this.clients.retire(thread),
        nemesis: (op, done) => {
          const before = this.nemesis.activeFaults();
          this.nemesis.invoke(op, (value) => {
            const after = this.nemesis.activeFaults();
            const line = nemesisLine({ f: op.f, value, before, after });
            if (line !== undefined) this.outputs.log(line);
            done(value);
          });
        },
      },
    });
  }
}
