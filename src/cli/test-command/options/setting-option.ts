/** Options that correspond to one setting of a test, from which they take name, default and range. */
import type { NumberShape } from '../../../protocol/settings/setting-shape.ts';
import { SETTINGS } from '../../../run/test-spec.ts';
import { withValue, type ValueOption } from '../../words/option.ts';
import { parseNumber } from '../../words/parse-number.ts';

type Settings = typeof SETTINGS;

type NumberSetting = {
  [Name in keyof Settings]: Settings[Name] extends { shape: NumberShape } ? Name : never;
}[keyof Settings];

type Default<Name extends NumberSetting> = Settings[Name] extends { default: number }
  ? { readonly default: string }
  : unknown;

/** Returns an option for a number in the setting's range. */
export function number<Name extends NumberSetting>(
  flags: string,
  about: string,
  name: Name,
): ValueOption<unknown, Readonly<Record<Name, number>>> & Default<Name> {
  const { shape, default: byDefault }: { shape: NumberShape; default?: number } = SETTINGS[name];
  const read = (word: string, _: unknown, flag: string): Readonly<Record<Name, number>> =>
    ({ [name]: parseNumber(flag, word, shape.range) }) as Record<Name, number>; // TypeScript widens a computed name to string
  const option =
    byDefault === undefined
      ? withValue(flags, about, { read })
      : withValue(flags, about, { default: String(byDefault), read });
  return option as typeof option & Default<Name>; // has a default under the same condition
}
