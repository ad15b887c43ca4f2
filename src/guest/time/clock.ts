/** `Date` and `performance` on virtual time. */
import { bridge, settings } from '../bridge.ts';

const RealDate = Date;

/** Returns whole milliseconds since 1970. */
function nowMs(): number {
  return settings.epochMs + Math.floor(bridge.wallNanos() / 1e6);
}

/** Returns milliseconds since this process began. */
export function performanceNow(): number {
  return (bridge.nowNanos() - bridge.startedNanos) / 1e6;
}

function makeDate(): DateConstructor {
  const virtual = function (...args: unknown[]): unknown {
    if (new.target === undefined) return new RealDate(nowMs()).toString();
    return Reflect.construct(RealDate, args.length === 0 ? [nowMs()] : args, new.target);
  };
  Object.defineProperties(virtual, {
    name: { value: 'Date' },
    length: { value: 7 },
    prototype: { value: RealDate.prototype },
    now: { value: nowMs, writable: true, configurable: true },
    parse: { value: RealDate.parse, writable: true, configurable: true },
    UTC: { value: RealDate.UTC, writable: true, configurable: true },
  });
  Object.defineProperty(RealDate.prototype, 'constructor', { value: virtual });
  // All members of DateConstructor are defined just above.
  return virtual as unknown as DateConstructor;
}

export const VirtualDate = makeDate();

/** Makes formatters use virtual time when they are called without a date. */
export function useVirtualTimeInIntl(): void {
  const { prototype } = Intl.DateTimeFormat;
  // eslint-disable-next-line typescript/unbound-method -- applied to each formatter below
  const format = Object.getOwnPropertyDescriptor(prototype, 'format')?.get;
  if (format !== undefined) {
    Object.defineProperty(prototype, 'format', {
      get(this: Intl.DateTimeFormat) {
        const bound = Reflect.apply(format, this, []) as (date: Date | number) => string; // what the standard says
        return (date: Date | number = nowMs()) => bound(date);
      },
    });
  }
  // eslint-disable-next-line typescript/unbound-method -- applied to each formatter below
  const { formatToParts } = prototype;
  prototype.formatToParts = function (date = nowMs()) {
    return Reflect.apply(formatToParts, this, [date]);
  };
}

interface TemporalParts {
  readonly Instant: { fromEpochMilliseconds(ms: number): TemporalInstant };
  readonly Now: object;
}
interface TemporalInstant {
  toZonedDateTimeISO(timeZone: unknown): {
    toPlainDateTime(): unknown;
    toPlainDate(): unknown;
    toPlainTime(): unknown;
  };
}

/** Makes `Temporal` of later Node versions use virtual time, since it reads the clock itself. */
export function useVirtualTimeInTemporal(): void {
  const temporal = (globalThis as { readonly Temporal?: TemporalParts }).Temporal;
  if (temporal === undefined) return;
  const instant = (): TemporalInstant => temporal.Instant.fromEpochMilliseconds(nowMs());
  const zoned = (zone: unknown = 'UTC'): ReturnType<TemporalInstant['toZonedDateTimeISO']> =>
    instant().toZonedDateTimeISO(zone);
  const now = {
    instant,
    timeZoneId: () => 'UTC',
    zonedDateTimeISO: (zone?: unknown) => zoned(zone),
    plainDateTimeISO: (zone?: unknown) => zoned(zone).toPlainDateTime(),
    plainDateISO: (zone?: unknown) => zoned(zone).toPlainDate(),
    plainTimeISO: (zone?: unknown) => zoned(zone).toPlainTime(),
  };
  for (const [name, value] of Object.entries(now))
    Object.defineProperty(temporal.Now, name, { value, writable: true, configurable: true });
}
