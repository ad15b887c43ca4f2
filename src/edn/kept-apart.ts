/**
 * Keys of a map and elements of a set that Clojure can read. It refuses a map in which a key stands twice, and reads
 * fractions as doubles, so that 0.1 and 0.1000000000000000055 are one key there, as are 1e400 and 1e500.
 */
import { fractionOf } from '../protocol/json/json-decimal.ts';
import { canonicalJson, isJsonArray, JsonNumber } from '../protocol/json.ts';
import { EdnDecimal, EdnList, EdnMap, EdnSet, EdnTagged, type Edn } from './edn-value.ts';

/** Returns distinct values; those that Clojure would read as another one are written as decimals: 1e500M. */
export function keptApart(values: readonly Edn[]): readonly Edn[] {
  const readings = values.map((value) => canonicalJson(withFractions(value, asDouble)));
  if (new Set(readings).size === readings.length) return values;
  const counts = new Map<string, number>();
  for (const reading of readings) counts.set(reading, (counts.get(reading) ?? 0) + 1);
  return values.map((value, at) => {
    const reading = readings[at] ?? '';
    const isAlone = counts.get(reading) === 1 || canonicalJson(value) === reading;
    return isAlone ? value : withFractions(value, ({ text }) => new EdnDecimal(text));
  });
}

/** Returns the values without those that equal an earlier one. */
export function withoutRepeats(values: readonly Edn[]): readonly Edn[] {
  const seen = new Set<string>();
  return values.filter((value) => {
    const text = canonicalJson(value);
    return !seen.has(text) && seen.add(text);
  });
}

/** Only a `JsonNumber` can be more precise than a double. */
function withFractions(value: Edn, turn: (number: JsonNumber) => Edn): Edn {
  const within = (item: Edn): Edn => withFractions(item, turn);
  if (value instanceof JsonNumber) return turn(value);
  if (isVector(value)) return value.map(within);
  if (value instanceof EdnList) return new EdnList(value.items.map(within));
  if (value instanceof EdnSet) return new EdnSet(value.items.map(within));
  if (value instanceof EdnMap)
    return new EdnMap(value.entries.map(([key, item]) => [within(key), within(item)]));
  if (value instanceof EdnTagged) return new EdnTagged(value.tag, within(value.value));
  return value;
}

function asDouble({ text }: JsonNumber): Edn {
  const value = Number(text);
  return Number.isInteger(value)
    ? fractionOf(`${BigInt(value)}.0`)
    : Number.isFinite(value)
      ? fractionOf(String(value))
      : value;
}

const isVector = (value: Edn): value is readonly Edn[] => isJsonArray(value);
