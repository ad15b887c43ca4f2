/** An option whose default is shown as it would be typed: `(default: store)`. */
import { Option } from 'commander';

export function withDefault(flags: string, about: string, value: number | string): Option {
  return new Option(flags, about).default(String(value), String(value));
}
