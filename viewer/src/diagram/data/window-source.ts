/**
 * Loads what is drawn: the visible range plus a margin on both sides for panning. Loads again when the view leaves it, or is
 * zoomed in so far that more detail is available. One request at a time; of the views that come up meanwhile, only the last
 * is loaded.
 */
import type { MessageWindow, OperationWindow, StateWindow } from '../../../../src/recording/views.ts';
import type { OpenRun } from '../../source/open-run.ts';
import { NO_FIELD, type TimeRange, type ViewState } from '../../view-state.ts';

/** Margin on each side, in widths of the view. */
const MARGIN = 0.4;
/** Densities are loaded again once they are this many times coarser than a new answer would be. */
const COARSE = 1.6;
/** Delays in milliseconds before a failed request is repeated: the first one, doubled each time up to the second one. */
const RETRY_MS = 2000;
const MOST_RETRY_MS = 30_000;

export interface Windows {
  readonly messages: MessageWindow;
  /** Undefined until the history has been read, which may take longer than the messages. */
  readonly operations: OperationWindow | undefined;
  /** Undefined if nodes reported no states, or lanes are not coloured. */
  readonly states?: StateWindow | undefined;
}

interface Wanted {
  readonly range: TimeRange;
  readonly view: ViewState;
  /** Changes as the run grows. */
  readonly version: string;
  readonly width: number;
  /** Whether nodes reported states. */
  readonly hasStates: boolean;
}

export class WindowSource {
  windows: Windows | undefined;
  /** Why the last request failed. */
  problem: string | undefined;
  isLoading = false;
  private key = '';
  private wanted: Wanted | undefined;
  /** What failed, until it is to be tried again: each drawing asks for what is in view. */
  private failed: string | undefined;
  private retryMs = RETRY_MS;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private isClosed = false;

  constructor(
    private readonly run: OpenRun,
    private readonly onChange: () => void,
  ) {}

  /** Must be called whenever the view may have changed. */
  want(wanted: Wanted): void {
    if (this.isFine(wanted) || idOf(wanted) === this.failed) {
      this.wanted = undefined;
      return;
    }
    this.wanted = wanted;
    if (!this.isLoading) void this.load();
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.retry);
  }

  /** The run may have been deleted, or the server ended: it is not to be asked without end. */
  private waitAfterFailure(of: string): void {
    this.failed = of;
    clearTimeout(this.retry);
    this.retry = setTimeout(() => {
      this.failed = undefined;
      this.onChange();
    }, this.retryMs);
    this.retryMs = Math.min(2 * this.retryMs, MOST_RETRY_MS);
  }

  private isFine({ range, view, version }: Wanted): boolean {
    const { windows } = this;
    if (windows === undefined || keyOf(view, version) !== this.key) return false;
    const { from, to, density } = windows.messages;
    if (range.from < from || range.to > to) return false;
    const isDense = density !== undefined || windows.operations?.density !== undefined;
    const isSummed = isDense || (windows.operations?.total ?? 0) > 0;
    const ratio = (to - from) / ((range.to - range.from) * (1 + 2 * MARGIN));
    // Reloads when zoomed in far even without a density: labels are included only when there are few.
    return ratio < (isDense ? COARSE : isSummed ? 2.5 : 4);
  }

  private async load(): Promise<void> {
    this.isLoading = true;
    while (this.wanted !== undefined && !this.isClosed) {
      const of = idOf(this.wanted);
      const { range, view, version, width, hasStates } = this.wanted;
      this.wanted = undefined;
      const margin = (range.to - range.from) * MARGIN;
      const asked = {
        from: range.from - margin,
        to: range.to + margin,
        query: view.query,
        clients: view.clients,
        mark: view.mark,
        hidden: view.hidden,
        grouped: view.grouped,
        payload: view.payload === NO_FIELD ? '' : view.payload,
        buckets: Math.max(50, Math.round((width * (1 + 2 * MARGIN)) / 3)),
      };
      try {
        const asking = this.run.operations({ ...asked, buckets: Math.round(asked.buckets / 2) });
        // Both are awaited below; if both fail, only one error is reported.
        asking.catch(() => undefined);
        const messages = await this.run.messages(asked);
        const states =
          hasStates && view.field !== NO_FIELD
            ? await this.run.states({ ...asked, field: view.field })
            : undefined;
        if (this.windows === undefined) {
          this.windows = { messages, operations: undefined, states };
          this.onChange();
        }
        this.windows = { messages, operations: await asking, states };
        this.key = keyOf(view, version);
        this.problem = undefined;
        this.retryMs = RETRY_MS;
      } catch (error) {
        this.problem = (error as Error).message;
        if (!this.isClosed) this.waitAfterFailure(of);
      }
      if (!this.isClosed) this.onChange();
    }
    this.isLoading = false;
  }
}

const idOf = ({ range, view, version }: Wanted): string =>
  `${range.from} ${range.to} ${keyOf(view, version)}`;

function keyOf(view: ViewState, version: string): string {
  const { query, clients, mark, field, hidden, grouped, payload } = view;
  return JSON.stringify([query, clients, mark, field, hidden, grouped, payload, version]);
}
