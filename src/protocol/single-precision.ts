/**
 * Rounds to single precision, as the fractions in upstream's results are: 1/3 to 0.33333334. Returns the number that is
 * written with the fewest digits among those that round to the same.
 */
export function singlePrecision(value: number): number {
  const single = Math.fround(value);
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(single.toPrecision(digits));
    if (Math.fround(short) === single) return short;
  }
  // Nine digits tell all of them apart.
  return Number(single.toPrecision(9));
}
