/** Messages sent in each part of the whole run: loaded once, and again whenever the run has grown by a tenth. */
import { present } from '../../../../src/columns/present.ts';
import type { Overview } from '../../../../src/recording/views.ts';
import type { OpenRun } from '../../source/open-run.ts';

const BUCKETS = 400;

export class StripSource {
  /** Indexed by part of the run; empty until loaded. */
  counts: readonly number[] = [];
  private messages = 0;
  private isAsking = false;
  private isClosed = false;

  constructor(
    private readonly run: OpenRun,
    private readonly onChange: () => void,
  ) {}

  /** Must be called whenever the run may have grown. */
  want({ messages, startNanos, endNanos }: Overview): void {
    if (this.isAsking || messages === 0 || messages < this.messages * 1.1) return;
    this.isAsking = true;
    this.messages = messages;
    this.run.density({ from: startNanos, to: endNanos }, BUCKETS).then(
      ({ density }) => {
        const lanes = density?.lanes ?? [];
        this.counts = Array.from({ length: BUCKETS }, (_, i) =>
          lanes.reduce((sum, { sent }) => sum + present(sent[i]), 0),
        );
        this.isAsking = false;
        if (!this.isClosed) this.onChange();
      },
      () => (this.isAsking = false),
    );
  }

  close(): void {
    this.isClosed = true;
  }
}
