/** Compares names by their numbers in two journals, each of which numbers names in the order of occurrence. */
export function nameMatcher(
  one: readonly string[],
  other: readonly string[],
): (number: number, otherNumber: number) => boolean {
  const numbers = new Map(other.map((name, number) => [name, number]));
  const same = one.map((name) => numbers.get(name) ?? -1);
  return (number, otherNumber) => same[number] === otherNumber;
}
