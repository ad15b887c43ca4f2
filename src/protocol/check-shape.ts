/** Checks a value against a shape, at every level: what is of the wrong kind is named with its place, what it is and what was expected. */
import { didYouMean, nearest } from './nearest.ts';
import { isInRange, rangeText } from './number-range.ts';
import type { Shape } from './setting-shape.ts';
import { shownText } from './shown-text.ts';
import { UserError } from './user-error.ts';

/** How messages speak of what is checked. */
export interface CheckWords {
  /** What begins each message: `runTest`, or the name of a file. */
  readonly source: string;
  /** What a field of an object is called: `setting`. */
  readonly field: string;
  /** Names that are known elsewhere for fields of the whole, by their letters alone: `nodecount`. */
  readonly otherNames?: Readonly<Record<string, string>>;
}

/** Throws a UserError for the first thing that does not fit. What is `undefined` in an object is left out. */
export function checkShape(value: unknown, shape: Shape, words: CheckWords): void {
  new ShapeCheck(words).check(value, shape, '');
}

class ShapeCheck {
  constructor(private readonly words: CheckWords) {}

  check(value: unknown, shape: Shape, where: string): void {
    if (value === undefined && where !== '') return;
    switch (shape.kind) {
      case 'any':
        return;
      case 'text':
        return this.expect(typeof value === 'string', value, where, 'a string');
      case 'number':
        this.expect(typeof value === 'number' && !Number.isNaN(value), value, where, 'a number');
        // Which it is: see the line before.
        return this.expect(isInRange(value as number, shape.range), value, where, rangeText(shape.range));
      case 'flag':
        return this.expect(typeof value === 'boolean', value, where, 'true or false');
      case 'function':
        return this.expect(typeof value === 'function', value, where, 'a function');
      case 'word': {
        const expected = `one of ${shape.of.join(', ')}`;
        const isOne = shape.of.includes(String(value));
        return this.expect(isOne, value, where, expected, didYouMean(value, shape.of));
      }
      case 'list': {
        this.expect(Array.isArray(value), value, where, 'an array');
        for (const [at, item] of (value as readonly unknown[]).entries())
          this.check(item, shape.of, `${where}[${at}]`);
        return;
      }
      case 'map':
        for (const [name, item] of this.entries(value, where))
          this.check(item, shape.of, within(where, name));
        return;
      case 'object':
        for (const [name, item] of this.entries(value, where)) {
          const field = Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined;
          if (field === undefined) throw this.unknown(name, where, Object.keys(shape.fields));
          this.check(item, field, within(where, name));
        }
    }
  }

  private entries(value: unknown, where: string): readonly (readonly [string, unknown])[] {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    this.expect(isObject, value, where, 'an object');
    return Object.entries(value as object); // which it is: see the line before
  }

  private expect(isRight: boolean, value: unknown, where: string, expected: string, suggestion = ''): void {
    if (isRight) return;
    const place = where === '' ? `the ${this.words.field}s` : where;
    throw new UserError(
      `${this.words.source}: ${place} must be ${expected}, but is ${shown(value)}.${suggestion}`,
    );
  }

  private unknown(name: string, where: string, known: readonly string[]): UserError {
    const { source, field, otherNames = {} } = this.words;
    // timeLimit is near to timeLimitSeconds, though it takes seven edits.
    const plain = name.replaceAll(/[-_]/g, '').toLowerCase();
    const near =
      known.find((one) => plain !== '' && one.toLowerCase().startsWith(plain)) ??
      (where === '' && Object.hasOwn(otherNames, plain) ? otherNames[plain] : undefined) ??
      nearest(name, known);
    const suggestion = near === undefined ? '' : ` Did you mean ${near}?`;
    return new UserError(
      `${source}: there is no ${field} ${shownText(JSON.stringify(name))}${where === '' ? '' : ` in ${where}`}.${suggestion}`,
      `There are: ${known.join(', ')}.`,
    );
  }
}

const within = (where: string, name: string): string => (where === '' ? name : `${where}.${name}`);

function shown(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  // JSON has no infinity.
  return shownText(typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value)), 100);
}
