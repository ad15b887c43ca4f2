/**
 * Steps through a run: the position, the branch it is in, and the requests to the server. One request at a time; consecutive
 * steps of the same kind that are wanted meanwhile are combined. The server's process may end between two requests, because
 * of a node that never yields or after minutes without use: the run is then opened again, the branch made again, and the
 * request repeated.
 */
import { computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type {
  Branch,
  BranchChange,
  EventRow,
  Line,
  LineId,
  Position,
  SavedBranch,
  SeekTarget,
  TravelState,
} from '../../../src/recording/travel-view.ts';
import { EventRows } from './event-rows.ts';
import { forksOf, lineOf, writeForks, type Forks } from './forks.ts';
import { TravelRefusal, type TravelSource } from './travel-source.ts';

type Ready = Extract<TravelState, { kind: 'ready' }>;

export type Opening =
  | { readonly kind: 'preparing'; readonly messages: number; readonly ofMessages: number }
  | { readonly kind: 'ready'; readonly state: Ready }
  /** It cannot be stepped through, with the reason. */
  | { readonly kind: 'refused'; readonly problem: string };

/** A target, or a number of steps from the current position. */
export type Wanted = SeekTarget | { readonly kind: 'by'; readonly by: number; readonly node?: string };

const POLL_MS = 250;

export class Stepper {
  readonly opening = signal<Opening>({ kind: 'preparing', messages: 0, ofMessages: 0 });
  readonly position = signal<Position | undefined>(undefined);
  /** The events around the position, in order. */
  readonly around = signal<readonly EventRow[]>([]);
  readonly branches = signal<readonly Branch[]>([]);
  /** The path to the line that is stepped through. */
  readonly forks = signal<Forks>([]);
  /** Saved branches, indexed by the path to them. */
  readonly saved: Signal<ReadonlyMap<string, SavedBranch>> = signal(new Map());
  /** What is taking a while; empty if nothing is. */
  readonly busy = signal('');
  /** What could not be done. */
  readonly problem = signal('');
  /** The line that is stepped through; undefined until there is one. */
  readonly line: ReadonlySignal<Line | undefined> = computed(() => {
    const opening = this.opening.value;
    if (opening.kind !== 'ready') return undefined;
    const { line } = lineOf(this.forks.value, this.branches.value);
    return this.branches.value.find((branch) => branch.line.id === line)?.line ?? opening.state.line;
  });

  private readonly rows: EventRows;
  private wanted: Wanted | undefined;
  private isGoing = false;
  private isClosed = false;

  constructor(
    private readonly source: TravelSource,
    private readonly wait: (ms: number) => Promise<void> = (ms) =>
      new Promise((resolve) => {
        setTimeout(resolve, ms);
      }),
  ) {
    this.rows = new EventRows(source);
  }

  close(): void {
    this.isClosed = true;
  }

  /** Opens the run, and goes to `to`. */
  async open(forks: Forks, to: SeekTarget): Promise<void> {
    this.problem.value = '';
    try {
      await this.begin();
    } catch (error) {
      this.fail(error);
      return;
    }
    const problem = await this.remake(forks).then(() => '', messageOf);
    // If a branch cannot be made again, the recorded run is shown.
    this.forks.value = problem === '' ? forks : [];
    await this.go(to);
    if (problem !== '')
      this.problem.value = `The branch of this link cannot be recreated: ${problem} This is the run as it was recorded.`;
  }

  /** Goes to a position. Does nothing while the run is being opened, which then returns to the previous position. */
  async go(to: Wanted): Promise<void> {
    if (this.opening.peek().kind !== 'ready' && !this.isGoing) return;
    this.wanted = merged(this.wanted, to);
    if (this.isGoing) return;
    this.isGoing = true;
    try {
      while (this.wanted !== undefined && !this.isClosed) {
        const next = this.wanted;
        this.wanted = undefined;
        await this.seek(next);
      }
    } finally {
      this.isGoing = false;
    }
  }

  /** Changes one thing at the position, and runs on to a verdict. */
  async branch(change: BranchChange): Promise<Branch | undefined> {
    const at = this.position.peek()?.event;
    if (at === undefined) return undefined;
    return this.doing('Running to a verdict…', async () => {
      const made = await this.on(this.forks.peek(), (line) => this.source.branch({ line, at, change }));
      this.add(made);
      return made;
    });
  }

  /** Switches to that line, at the same position or at `event`. */
  async enter(line: LineId, event?: number): Promise<void> {
    this.forks.value = forksOf(line, this.branches.peek());
    await this.go({ kind: 'event', event: event ?? this.position.peek()?.event ?? 0 });
  }

  async save(line: LineId): Promise<void> {
    const forks = forksOf(line, this.branches.peek());
    await this.doing('Saving…', async () => {
      const saved = await this.on(forks, (id) => this.source.save({ line: id }));
      this.saved.value = new Map(this.saved.peek()).set(writeForks(forks), saved);
    });
  }

  savedOf(line: LineId): SavedBranch | undefined {
    return this.saved.value.get(writeForks(forksOf(line, this.branches.value)));
  }

  private async seek(wanted: Wanted): Promise<void> {
    const from = this.position.peek()?.event ?? 0;
    const to: SeekTarget = wanted.kind === 'by' ? { ...wanted, kind: 'step', from } : wanted;
    await this.doing('', async () => {
      const found = await this.on(this.forks.peek(), (line) => this.source.seek({ line, to }));
      this.position.value = found;
      this.around.value = await this.on(this.forks.peek(), (line) =>
        this.rows.around(line, found.event, found.events),
      );
    });
  }

  private async doing<Result>(busy: string, act: () => Promise<Result>): Promise<Result | undefined> {
    this.problem.value = '';
    this.busy.value = busy;
    try {
      return await act();
    } catch (error) {
      this.wanted = undefined;
      this.fail(error);
      return undefined;
    } finally {
      this.busy.value = '';
    }
  }

  private fail(error: unknown): void {
    const problem = messageOf(error);
    if (this.opening.peek().kind === 'ready') this.problem.value = problem;
    else this.opening.value = { kind: 'refused', problem };
  }

  /** Calls `ask` with the line that the forks lead to, once more after reopening if the server no longer has it. */
  private async on<Answer>(forks: Forks, ask: (line: LineId) => Promise<Answer>): Promise<Answer> {
    try {
      return await ask(lineOf(forks, this.branches.peek()).line);
    } catch (error) {
      if (!isGone(error, forks)) throw error;
    }
    await this.begin();
    return ask(await this.remake(forks));
  }

  /** Opens the run and waits until it is ready. Rejects if it cannot be. */
  private async begin(): Promise<void> {
    this.rows.clear();
    for (;;) {
      if (this.isClosed) throw new Error('Stepping through the run has ended.');
      const state = await this.source.open().catch((error: unknown) => {
        this.opening.value = { kind: 'preparing', messages: 0, ofMessages: 0 };
        throw error;
      });
      if (state.kind === 'ready') {
        this.opening.value = { kind: 'ready', state };
        this.branches.value = state.branches;
        return;
      }
      this.opening.value = state;
      await this.wait(POLL_MS);
    }
  }

  /** Makes the missing branches on the path. */
  private async remake(forks: Forks): Promise<LineId> {
    for (;;) {
      const { line, made } = lineOf(forks, this.branches.peek());
      const fork = forks[made];
      if (fork === undefined) return line;
      const branch = await this.source.branch({ line, ...fork });
      this.add(branch);
      if (lineOf(forks, this.branches.peek()).made === made)
        throw new Error('The server returned a different branch than requested. Reload the page.');
    }
  }

  private add(branch: Branch): void {
    this.branches.value = [...this.branches.peek().filter(({ line }) => line.id !== branch.line.id), branch];
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** True when the process that held the run has ended, or another one does not know the branch. */
function isGone(error: unknown, forks: Forks): boolean {
  if (!(error instanceof TravelRefusal)) return false;
  return error.status === 410 || (error.status === 404 && forks.length > 0);
}

function merged(before: Wanted | undefined, next: Wanted): Wanted {
  return before?.kind === 'by' && next.kind === 'by' && before.node === next.node
    ? { ...next, by: before.by + next.by }
    : next;
}
