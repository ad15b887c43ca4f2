/** The events around a position: loaded in blocks, which are cached while the run is open. */
import { present } from '../../../src/columns/present.ts';
import type { EventRow, LineId } from '../../../src/recording/travel-view.ts';
import type { TravelSource } from './travel-source.ts';

const STRETCH = 64;
const BEFORE = 4;
const AFTER = 7;
/** Maximum number of cached blocks. */
const MOST_STRETCHES = 40;

export class EventRows {
  private readonly stretches = new Map<string, Promise<readonly EventRow[]>>();

  constructor(private readonly source: Pick<TravelSource, 'events'>) {}

  clear(): void {
    this.stretches.clear();
  }

  /** Returns the row of that event with some rows before and after it. */
  async around(line: LineId, event: number, events: number): Promise<readonly EventRow[]> {
    const first = Math.max(0, Math.min(event - BEFORE, events - BEFORE - AFTER - 1));
    const last = Math.min(events - 1, first + BEFORE + AFTER);
    const rows: EventRow[] = [];
    for (let at = Math.floor(first / STRETCH); at * STRETCH <= last; at++)
      rows.push(...(await this.stretch(line, at)));
    return rows.filter((row) => row.event >= first && row.event <= last);
  }

  private stretch(line: LineId, at: number): Promise<readonly EventRow[]> {
    const key = `${line} ${at}`;
    const known = this.stretches.get(key);
    if (known !== undefined) return known;
    const asked = this.source
      .events({ line, from: at * STRETCH, count: STRETCH })
      .then(({ rows }) => rows.filter(({ event }) => event < (at + 1) * STRETCH));
    this.stretches.set(key, asked);
    asked.catch(() => this.stretches.delete(key));
    if (this.stretches.size > MOST_STRETCHES) this.stretches.delete(present([...this.stretches.keys()][0]));
    return asked;
  }
}
