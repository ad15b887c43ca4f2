/** Formats large numbers for people. */

/** Formats 1240 as 1,240. */
export function count(value: number): string {
  return value.toString().replace(/\B(?=(\d{3})+$)/g, ',');
}
