/**
 * A stepping session: connects the stepper to the page. The stepper's position is part of the view, and so of the URL. A
 * position that enters the view otherwise, for example by a link, is gone to. The picture keeps the position in sight.
 */
import { computed, effect, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { LineId, SeekTarget } from '../../../src/recording/travel-view.ts';
import type { Overview } from '../../../src/recording/views.ts';
import type { Moment } from '../diagram/draw/draw-moment.ts';
import { changeView, type Selection, type ViewState } from '../view-state.ts';
import { readForks, writeForks } from './forks.ts';
import { rangeAround } from './range-around.ts';
import { Stepper } from './stepper.ts';
import type { TravelSource } from './travel-source.ts';

export interface SessionOptions {
  readonly source: TravelSource;
  readonly view: Signal<ViewState>;
  readonly overview: ReadonlySignal<Overview | undefined>;
  /** The position that the picture marks. */
  readonly moment: Signal<Moment | undefined>;
  /** When the run was decided, if known. */
  readonly decisiveNanos: ReadonlySignal<number | undefined>;
}

export class StepSession {
  readonly stepper: Stepper;
  /** The endpoint whose events alone are stepped through; empty for all. */
  readonly node: ReadonlySignal<string>;
  /** The selection on the page, which the stepper can go to. */
  readonly selection: ReadonlySignal<Selection | undefined>;
  /** The branch whose end is compared with that of the line it left. */
  readonly compared = signal<LineId | undefined>(undefined);
  /** For delays and copies: milliseconds after the message was sent. */
  readonly delayMs = signal(1000);
  /** For crashes: milliseconds until the restart; undefined to restart only at the end. */
  readonly restartAfterMs = signal<number | undefined>(1000);
  readonly decisiveNanos: ReadonlySignal<number | undefined>;
  private readonly view: Signal<ViewState>;
  private readonly stops: (() => void)[];
  private readonly isOpening = signal(false);

  constructor(private readonly options: SessionOptions) {
    const { source, view, decisiveNanos } = options;
    this.view = view;
    this.stepper = new Stepper(source);
    this.decisiveNanos = decisiveNanos;
    this.node = computed(() => view.value.step?.node ?? '');
    this.selection = computed(() => view.value.selection);
    const { selection, step } = view.peek();
    // Starts at the position of a link, or else at the selection.
    const isFresh = step !== undefined && step.event === 0 && step.branch === '';
    void this.open(step, isFresh ? targetOf(selection) : undefined);
    this.stops = [effect(() => this.write()), effect(() => this.read())];
  }

  close(): void {
    this.stepper.close();
    for (const stop of this.stops) stop();
    this.options.moment.value = undefined;
  }

  chooseNode(node: string): void {
    const { step } = this.view.peek();
    if (step !== undefined) changeView(this.view, { step: { ...step, node } });
  }

  /** Steps by that many events of the chosen endpoint, or of all. */
  step(by: number, node = this.node.peek()): void {
    void this.stepper.go({ kind: 'by', by, ...(node === '' ? {} : { node }) });
  }

  go(to: SeekTarget): void {
    void this.stepper.go(to);
  }

  toEnd(): void {
    this.go({ kind: 'event', event: Math.max(0, (this.stepper.line.peek()?.events ?? 1) - 1) });
  }

  /** Opens the run at the current position; also again, after the server's process has ended. */
  async open(step = this.view.peek().step, to?: SeekTarget): Promise<void> {
    const { event = 0, branch = '' } = step ?? {};
    const forks = readForks(branch);
    this.isOpening.value = true;
    await this.stepper.open(forks ?? [], to ?? { kind: 'event', event });
    this.isOpening.value = false;
    if (forks === undefined)
      this.stepper.problem.value =
        'The branch in this link cannot be read; this is the run as it was recorded.';
  }

  /** Makes a branch, and shows how it ends. */
  async branch(change: Parameters<Stepper['branch']>[0]): Promise<void> {
    const made = await this.stepper.branch(change);
    if (made !== undefined) this.compared.value = made.line.id;
  }

  /** Writes the position to the view and the picture. */
  private write(): void {
    const position = this.stepper.position.value;
    const branch = writeForks(this.stepper.forks.value);
    // Also runs after a failed request, so that the URL shows the actual position again.
    void this.stepper.problem.value;
    if (this.isOpening.value || position === undefined) return;
    const { step, range } = this.view.peek();
    const { event, nanos, inFlight, concerns } = position;
    const isRecorded = position.line === 'recorded';
    this.options.moment.value = {
      nanos,
      // In a branch, message ids differ, and the picture shows the recorded run.
      inFlight: new Set(isRecorded ? inFlight.first.map(({ id }) => id) : []),
      concerns,
    };
    const overview = this.options.overview.peek();
    const whole = overview && { from: overview.startNanos, to: overview.endNanos };
    const events = this.stepper.line.peek()?.events ?? 1;
    changeView(this.view, {
      step: { event, branch, node: step?.node ?? '' },
      range: whole === undefined ? range : rangeAround(nanos, range, whole, events),
    });
  }

  /** Goes to a position that entered the view from elsewhere. */
  private read(): void {
    const { step } = this.view.value;
    const position = this.stepper.position.peek();
    if (step === undefined || position === undefined || this.isOpening.peek()) return;
    if (step.branch !== writeForks(this.stepper.forks.peek())) void this.open(step);
    else if (step.event !== position.event) this.go({ kind: 'event', event: step.event });
  }
}

function targetOf(selection: Selection | undefined): SeekTarget | undefined {
  if (selection === undefined) return undefined;
  return selection.kind === 'message'
    ? { kind: 'message', id: selection.id, what: 'sent' }
    : { kind: 'operation', index: selection.index };
}
