/** Joins texts: `a`, `a and b`, `a, b and c`. */
export function inSeries(texts: readonly string[], and = 'and'): string {
  const last = texts.at(-1) ?? '';
  return texts.length < 2 ? last : `${texts.slice(0, -1).join(', ')} ${and} ${last}`;
}
