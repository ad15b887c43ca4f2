/** A run's verdict as a badge: a word and a symbol, so that it does not rely on colour alone. */
import type { RunVerdict } from '../../src/recording/views.ts';

const SIGNS: Readonly<Record<RunVerdict, string>> = {
  valid: '✓ valid',
  invalid: '✗ invalid',
  unknown: '? unknown',
  running: '● running',
  unfinished: '– unfinished',
  unreadable: '– unreadable',
};

export function Verdict({ verdict }: { readonly verdict: RunVerdict }) {
  return <span class={`verdict ${verdict}`}>{SIGNS[verdict]}</span>;
}
