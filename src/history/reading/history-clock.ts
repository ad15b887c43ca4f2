/**
 * Converts the times of a history to nanoseconds since its beginning.
 *
 * This project and Jepsen write them so. Histories from elsewhere use other units, recognised by the first operation whose
 * time is not 0:
 *
 *     1700000000123456789      nanoseconds since 1970, beyond safe integers: counted from the first operation
 *     12.5                     seconds, since it has a fraction; later times without one are seconds as well
 *     12500000000.0            nanoseconds, if the index or process of that operation is written as a fraction as well
 *     1700000000123            milliseconds since 1970, if it is of this century and the index of that operation is missing, 0 or 1:
 *                              half an hour of nanoseconds would be the middle of a history
 *     "2026-11-29T12:00:00Z"   a date, in UTC if it names no zone
 */
import { JsonNumber, type Json } from '../../protocol/json.ts';

const NANOS = 1_000_000_000;
/** In either unit; larger values are not accepted as times. */
const LATEST = 10n ** 20n;

const DATE = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d+))?\s?(Z|[+-]\d\d:?\d\d)?$/;

export class HistoryClock {
  #unit: 'unknown' | 'nanoseconds' | 'milliseconds' | 'seconds' = 'unknown';
  /** The time subtracted from all others, in seconds and nanoseconds, each exact. */
  #baseSeconds = 0;
  #baseNanos = 0;

  /** Must be called with the beginning of a history, before any time is converted. */
  begin(start: string): void {
    const time = /\btime"?\s*:?\s*(\d+)\b(?!\.)/.exec(start)?.[1] ?? '';
    const index = /\bindex"?\s*:?\s*(\d+)/.exec(start)?.[1] ?? '0';
    if (!/^(1[4-9]|2[01])\d{11}$/.test(time) || Number(index) > 1) return;
    this.#unit = 'milliseconds';
    this.#baseSeconds = Math.floor(Number(time) / 1000);
  }

  /** Converts a safe integer. Hot: called for every operation. */
  ofInteger(time: number): number {
    if (this.#unit === 'nanoseconds' && this.#baseSeconds === 0) return time;
    if (this.#unit === 'seconds') return this.#since(time, 0);
    if (this.#unit === 'milliseconds') {
      const seconds = Math.floor(time / 1000);
      return this.#since(seconds, (time - seconds * 1000) * 1e6);
    }
    if (time !== 0) this.#unit = 'nanoseconds';
    return this.#since(Math.floor(time / NANOS), time - Math.floor(time / NANOS) * NANOS);
  }

  /** Converts an integer of any size. */
  ofNanos(seconds: number, nanos: number): number {
    if (this.#unit === 'unknown') {
      this.#unit = 'nanoseconds';
      this.#baseSeconds = seconds;
      this.#baseNanos = nanos;
    }
    return this.#since(seconds, nanos);
  }

  /**
   * Converts any number or date; undefined for anything else. `isFloat` says that other numbers of the operation are written as
   * fractions as well.
   */
  of(time: Json, isFloat: boolean): number | undefined {
    if (typeof time === 'number' && Number.isSafeInteger(time)) return this.ofInteger(time);
    if (typeof time === 'bigint') {
      if (time > LATEST || time < -LATEST) return undefined;
      const nanos = time % BigInt(NANOS);
      return this.ofNanos(Number((time - nanos) / BigInt(NANOS)), Number(nanos));
    }
    if (typeof time === 'string') return this.#ofDate(time);
    const number = time instanceof JsonNumber ? Number(time.text) : time;
    if (typeof number !== 'number' || !(Math.abs(number) <= Number(LATEST))) return undefined;
    if (number === 0) return this.ofInteger(0);
    if (this.#unit === 'unknown' && isFloat && Number.isInteger(number)) return this.#ofLargeFloat(number);
    if (this.#unit === 'nanoseconds') return this.#ofLargeFloat(number);
    const seconds = Math.floor(number);
    if (this.#unit === 'unknown') {
      this.#unit = 'seconds';
      // Seconds since 1970 exceed the safe integers in nanoseconds.
      if (seconds * NANOS > Number.MAX_SAFE_INTEGER) this.#baseSeconds = seconds;
    }
    return this.#since(seconds, Math.round((number - seconds) * NANOS));
  }

  #ofDate(text: string): number | undefined {
    const [, day, time, fraction = '', zone = 'Z'] = DATE.exec(text) ?? [];
    const seconds = Date.parse(`${day}T${time}${zone.replace(/(\d\d)(\d\d)$/, '$1:$2')}`) / 1000;
    return Number.isNaN(seconds)
      ? undefined
      : this.ofNanos(seconds, Number(fraction.padEnd(9, '0').slice(0, 9)));
  }

  #ofLargeFloat(nanos: number): number {
    const whole = Math.round(nanos);
    if (Number.isSafeInteger(whole)) return this.ofInteger(whole);
    const below = whole % NANOS;
    return this.ofNanos((whole - below) / NANOS, below);
  }

  #since(seconds: number, nanos: number): number {
    return (seconds - this.#baseSeconds) * NANOS + (nanos - this.#baseNanos);
  }
}
