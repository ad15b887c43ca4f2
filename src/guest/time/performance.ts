/** `performance`, in virtual time: the clock, marks and measures. What it knows of Node itself says that nothing is idle. */
import { lateAbort } from '../late.ts';
import { bridge, settings } from '../bridge.ts';
import { performanceNow } from './clock.ts';

class PerformanceEntry {
  constructor(
    readonly name: string,
    readonly entryType: string,
    readonly startTime: number,
    readonly duration: number,
    readonly detail: unknown,
  ) {}
  toJSON(): object {
    return Object.fromEntries(Object.entries(this));
  }
}
class PerformanceMark extends PerformanceEntry {}
class PerformanceMeasure extends PerformanceEntry {}

interface MarkOptions {
  readonly startTime?: number;
  readonly detail?: unknown;
}
/** A time, or the name of a mark. */
type Moment = number | string;
interface MeasureOptions {
  readonly start?: Moment;
  readonly end?: Moment;
  readonly duration?: number;
  readonly detail?: unknown;
}

let entries: PerformanceEntry[] = [];

function add<Entry extends PerformanceEntry>(entry: Entry): Entry {
  entries.push(entry);
  return entry;
}

function timeOf(moment: Moment): number {
  if (typeof moment === 'number') return moment;
  const found = entries.findLast(({ name, entryType }) => entryType === 'mark' && name === moment);
  if (found !== undefined) return found.startTime;
  const { DOMException } = lateAbort();
  throw new DOMException(`The "${moment}" performance mark has not been set`, 'SyntaxError');
}

function mark(
  name: unknown,
  { startTime = performanceNow(), detail = null }: MarkOptions = {},
): PerformanceMark {
  return add(new PerformanceMark(String(name), 'mark', startTime, 0, detail));
}

function measure(name: unknown, from?: Moment | MeasureOptions, to?: Moment): PerformanceMeasure {
  const options: MeasureOptions = typeof from === 'object' && from !== null ? from : {};
  const { duration, detail = null } = options;
  const given = typeof from === 'object' ? options.start : from;
  const last = to ?? options.end;
  const start =
    given !== undefined
      ? timeOf(given)
      : duration !== undefined && last !== undefined
        ? timeOf(last) - duration
        : 0;
  const end =
    last !== undefined ? timeOf(last) : duration !== undefined ? start + duration : performanceNow();
  return add(new PerformanceMeasure(String(name), 'measure', start, end - start, detail));
}

/** Returns the entries that match, by time. */
const select = (fits: (entry: PerformanceEntry) => boolean): PerformanceEntry[] =>
  entries.filter(fits).sort((one, other) => one.startTime - other.startTime);

/** Returns the function that removes the entries of that type: all, or those of one name. */
const clearer =
  (type: string) =>
  (name?: string): void => {
    entries = entries.filter(
      (entry) => entry.entryType !== type || (name !== undefined && entry.name !== name),
    );
  };

export const guestPerformance = {
  now: performanceNow,
  get timeOrigin(): number {
    return settings.epochMs + bridge.startedNanos / 1e6;
  },
  mark,
  measure,
  getEntries: (): PerformanceEntry[] => select(() => true),
  getEntriesByName: (name: unknown, type?: string): PerformanceEntry[] =>
    select((entry) => entry.name === String(name) && (type === undefined || entry.entryType === type)),
  getEntriesByType: (type: string): PerformanceEntry[] => select(({ entryType }) => entryType === type),
  clearMarks: clearer('mark'),
  clearMeasures: clearer('measure'),
  timerify: <Timed extends (...args: never[]) => unknown>(timed: Timed): Timed => timed,
  eventLoopUtilization: (): object => ({ idle: 0, active: 0, utilization: 0 }),
  toJSON: (): object => ({ timeOrigin: guestPerformance.timeOrigin }),
};
