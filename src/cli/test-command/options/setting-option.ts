/** Options that are a setting of a test as it stands: name, default and range are the setting's. */
import type { NumberShape } from '../../../protocol/setting-shape.ts';
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

/** A number, in the range that the setting has. */
export function number<Name extends NumberSetting>(
  flags: string,
  about: string,
  name: Name,
): ValueOption<unknown, Readonly<Record<Name, number>>> & Default<Name> {
  const { shape, default: byDefault }: { shape: NumberShape; default?: number } = SETTINGS[name];
  const read = (word: string, _: unknown, flag: string): Readonly<Record<Name, number>> =>
    ({ [name]: parseNumber(flag, word, shape.range) }) as Record<Name, number>; // a computed name is a mere string
  const option =
    byDefault === undefined
      ? withValue(flags, about, { read })
      : withValue(flags, about, { default: String(byDefault), read });
  return option as typeof option & Default<Name>; // there by the same condition
}
