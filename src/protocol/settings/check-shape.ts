/**
 * Checks a value against a shape, at every level. The error for a wrong kind says where it is, what was seen and what
 * was expected.
 */
import { didYouMean, nearest } from '../nearest.ts';
import { isInRange, rangeText } from './number-range.ts';
import { TEXT, type ObjectShape, type Shape } from './setting-shape.ts';
import { shownText } from '../shown-text.ts';
import { UserError } from '../user-error.ts';

/** Words for the messages about what is checked. */
export interface CheckWords {
  /** The beginning of each message: `runTest`, or the name of a file. */
  readonly source: string;
  /** The word for a field of an object: `setting`. */
  readonly field: string;
  /** Alternative names for top-level fields, in lower case without separators: `nodecount`. */
  readonly otherNames?: Readonly<Record<string, string>>;
  /** What to do where a required field is missing. */
  readonly ifMissing?: string;
}

/** Throws a UserError for the first value that does not fit. Fields that are `undefined` are ignored. */
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
        // The previous line has checked the type.
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
        return this.checkObject(value, shape, where);
      case 'variants': {
        const kind: unknown = Object.fromEntries(this.entries(value, where))[shape.by];
        const kinds = Object.keys(shape.of);
        const expected = `one of ${kinds.join(', ')}`;
        const variant = Object.hasOwn(shape.of, String(kind)) ? shape.of[String(kind)] : undefined;
        if (variant === undefined)
          return this.expect(false, kind, within(where, shape.by), expected, didYouMean(kind, kinds));
        this.checkObject(value, { ...variant, fields: { [shape.by]: TEXT, ...variant.fields } }, where);
      }
    }
  }

  private checkObject(value: unknown, { fields, needed }: ObjectShape, where: string): void {
    const entries = this.entries(value, where);
    for (const [name, item] of entries) {
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (field === undefined) throw this.unknown(name, where, Object.keys(fields));
      this.check(item, field, within(where, name));
    }
    const given = new Set(entries.flatMap(([name, item]) => (item === undefined ? [] : [name])));
    const missing = needed.find((name) => !given.has(name));
    if (missing === undefined) return;
    const { source, ifMissing } = this.words;
    throw new UserError(`${where === '' ? source : `${source}: ${where}`} has no \`${missing}\`.`, ifMissing);
  }

  private entries(value: unknown, where: string): readonly (readonly [string, unknown])[] {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    this.expect(isObject, value, where, 'an object');
    return Object.entries(value as object); // the previous line has checked the type
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
    // timeLimit should suggest timeLimitSeconds, although the edit distance is seven.
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
