/**
 * What a run records beside its history: broken rules of the protocol, the assertions and states that nodes report, the
 * outcomes of operations, and habits that may explain a wrong result.
 */
import type { NodeOf } from '../../history/client-book.ts';
import type { Op } from '../../history/op.ts';
import type { EndpointKind } from '../../network/endpoint.ts';
import type { StateChange } from '../../protocol/state-change.ts';
import type { MarkedLine, Packet } from '../../world/world.ts';
import { RunHints } from '../hints/run-hints.ts';
import type { RunLog } from '../run-outputs.ts';
import type { RunTime } from '../run-time.ts';
import type { TestSpec } from '../test-spec.ts';
import { AssertionRecord } from './assertion-record.ts';
import { OutcomeTally } from './outcome-tally.ts';
import { ProtocolRecord } from './protocol-record.ts';
import { RefusedSwaps } from './refused-swaps.ts';
import { StateRecord } from './state-record.ts';

/** Workloads that usually keep the sum in a service, so that handling of refused compare-and-sets is watched. */
const COUNTERS: ReadonlySet<string> = new Set(['g-counter', 'pn-counter']);

interface RunRecordsOptions {
  readonly log: RunLog;
  readonly logName: (node: string) => string | undefined;
  readonly time: RunTime;
  readonly onStateChange: (change: StateChange) => void;
  readonly kindOf: (name: string) => EndpointKind | undefined;
  readonly nodeOf: NodeOf;
  /** Whether a fault is active now. */
  readonly isFaulty: () => boolean;
}

/** An observer of all messages. */
interface MessageWatch {
  sent(packet: Packet): void;
  received(packet: Packet): void;
}

export class RunRecords {
  readonly protocol: ProtocolRecord;
  readonly assertions: AssertionRecord;
  readonly hints: RunHints;
  readonly swaps: RefusedSwaps | undefined;
  readonly tally: OutcomeTally;
  private readonly states: StateRecord;

  constructor(
    { workload, lenient, strict = false, recoverySeconds }: TestSpec,
    { log, logName, time, onStateChange, kindOf, nodeOf, isFaulty }: RunRecordsOptions,
  ) {
    this.protocol = new ProtocolRecord({ lenient, strict, log, nodeLogFile: logName });
    const { violations } = this.protocol;
    this.assertions = new AssertionRecord({ violations, log, logName, zeroNanos: () => time.zeroNanos });
    this.states = new StateRecord({ violations, log, onChange: onStateChange });
    this.swaps = COUNTERS.has(workload) ? new RefusedSwaps(kindOf) : undefined;
    this.hints = new RunHints(workload, { kindOf, nodeOf, recoverySeconds });
    this.tally = new OutcomeTally({ nodeOf, isFaulty, logOf: (node) => logName(node) ?? '' });
  }

  /** Returns the observer of all messages. */
  messageWatch(): MessageWatch {
    const { swaps, hints } = this;
    return {
      sent(packet) {
        swaps?.sent(packet);
        hints.sent(packet);
      },
      received: (packet) => swaps?.received(packet),
    };
  }

  observe(op: Op): void {
    this.tally.observe(op);
    this.hints.observe(op);
  }

  /** Reads a line of a node's stderr that is marked as a state or an assertion, or that hints look at. */
  read(node: string, line: MarkedLine): void {
    if (line.by === 'words') this.hints.logged(node, line.text);
    else if (!this.states.read(node, line)) this.assertions.read(node, line);
  }

  /** A process of the node started, or ended at that time of the world's clock. */
  lived(node: string, isRunning: boolean, nanos: number): void {
    if (isRunning) this.states.began(node);
    else this.states.ended(node, nanos);
  }
}
