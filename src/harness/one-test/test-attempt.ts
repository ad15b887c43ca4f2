/** One attempt at a simulated test, in a process that the test may kill. */
import { takeSentKeys } from '../../checkers/result-keys.ts';
import type { RunLog } from '../../run/run-outputs.ts';
import { parseJson } from '../../protocol/json.ts';
import { UserError } from '../../protocol/user-error.ts';
import type { RunStatus } from '../../run/run-status.ts';
import { resultsReadBack, type TestResults } from '../../run/verdict/test-results.ts';
import { unmarkRunning } from '../../store/running-mark.ts';
import type { FatalKind } from '../../world/simulated/turn/turn-record.ts';
import { ENDED_FOR, type FromChild, type Opened, type TestOrder } from './child-messages.ts';
import { readSentError } from '../sent-error.ts';
import { readTurnNote, TestProcess, type Death, type WantedProcess } from './test-process.ts';

/** How long aborting waits for an orderly end. */
const ABORT_PATIENCE_MS = 2_000;
/** How long an interruption may go unacknowledged before the process is considered blocked. */
const INTERRUPT_PATIENCE_MS = 500;
/** Signals with which V8 ends its process. */
const CRASHES: readonly (string | null)[] = ['SIGABRT', 'SIGTRAP', 'SIGILL', 'SIGSEGV', 'SIGBUS'];

export type AttemptEnd =
  | {
      readonly kind: 'finished';
      readonly results: TestResults;
      readonly sentence: string;
      readonly interrupted: boolean;
      readonly digest?: string;
      readonly storeProblems: readonly string[];
    }
  | { readonly kind: 'aborted' }
  | { readonly kind: 'failed'; readonly error: Error }
  /** The process died in that turn; 0 if the turn is unknown. */
  | { readonly kind: 'died'; readonly turn: number; readonly cause: FatalKind; readonly words: string };

export class TestAttempt {
  /** Resolves to undefined if the attempt ended before the test was opened. */
  readonly opened: Promise<Opened | undefined>;
  /** Never rejects. */
  readonly end: Promise<AttemptEnd>;
  status: RunStatus = {
    phase: 'starting',
    invoked: 0,
    ok: 0,
    fail: 0,
    info: 0,
    messages: 0,
    activeFaults: [],
  };
  private readonly process: TestProcess;
  private open: (opened: Opened | undefined) => void = () => {};
  private finish: (end: AttemptEnd) => void = () => {};
  private folder: string | undefined;
  private runs = false;
  private aborted = false;
  private unheard: NodeJS.Timeout | undefined;
  /** True once the attempt has ended; its process may then work for another test. */
  private ended = false;

  constructor(
    wanted: WantedProcess,
    private readonly order: TestOrder,
    private readonly onLog: RunLog,
  ) {
    this.folder = order.before?.folder;
    this.opened = new Promise((resolve) => (this.open = resolve));
    this.end = new Promise((resolve) => {
      this.finish = (end) => {
        this.ended = true;
        clearTimeout(this.unheard);
        resolve(end);
        this.open(undefined);
      };
    });
    this.process = TestProcess.take(wanted, {
      message: (message) => this.read(message),
      died: (death) => this.died(death),
      failed: (error) => this.finish({ kind: 'failed', error }),
    });
    this.process.send({ kind: 'open', order });
  }

  run(): void {
    this.runs = true;
    this.process.send({ kind: 'run' });
  }

  interrupt(by: string): void {
    if (this.ended) return;
    this.process.send({ kind: 'interrupt', by });
    this.unheard ??= setTimeout(() => this.process.endOwnWork(), INTERRUPT_PATIENCE_MS);
  }

  async abort(): Promise<void> {
    if (this.ended) return;
    this.aborted = true;
    if (this.runs) this.process.send({ kind: 'abort' });
    const giveUp = setTimeout(() => this.process.kill(), this.runs ? ABORT_PATIENCE_MS : 0);
    await this.end;
    clearTimeout(giveUp);
  }

  private read(message: FromChild): void {
    switch (message.kind) {
      case 'opened':
        this.folder = message.opened.folder;
        return this.open(message.opened);
      case 'log':
        return this.onLog(message.line, message.brief);
      case 'interrupted':
        return clearTimeout(this.unheard);
      case 'status':
        this.status = message.status;
        return;
      case 'finished': {
        this.process.giveBack();
        const { results: text, keys, ...rest } = message;
        const read = parseJson(text);
        takeSentKeys(read, keys);
        return this.finish({ ...rest, results: resultsReadBack({ ...Object(read) }) });
      }
      case 'aborted':
        this.process.kill();
        return this.finish({ kind: 'aborted' });
      case 'failed':
        this.process.kill();
        return this.finish({ kind: 'failed', error: readSentError(message.error) });
    }
  }

  private died(death: Death): void {
    if (this.folder !== undefined) unmarkRunning(this.folder);
    this.finish(this.aborted ? { kind: 'aborted' } : this.endBy(death));
  }

  private endBy({ code, signal, words }: Death): AttemptEnd {
    const { turn, endedFor } = readTurnNote(this.order.tempFolder);
    if (endedFor === ENDED_FOR.time) return { kind: 'died', turn, cause: 'time', words };
    if (endedFor === ENDED_FOR.memory || CRASHES.includes(signal))
      return { kind: 'died', turn, cause: 'memory', words };
    return { kind: 'failed', error: this.endedFromOutside(signal) ?? endedByItself(code, words) };
  }

  private endedFromOutside(signal: string | null): UserError | undefined {
    if (signal === null) return undefined;
    const where = this.folder === undefined ? '' : ` What was recorded so far is in ${this.folder}.`;
    return new UserError(
      `The process of the simulation was killed from outside by ${signal}.${where}`,
      'Another program did this, or the system because memory ran out: see its log (dmesg). Then run it again.',
    );
  }
}

const endedByItself = (code: number | null, words: string): Error =>
  new Error(`the process of the simulation ended with code ${code}: ${words}`);
