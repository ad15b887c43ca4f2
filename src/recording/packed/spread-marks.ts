/** Reduces more than `limit` marks by taking every second or every third one, and so on. */
export function spreadMarks<T>(marks: readonly T[], limit: number): readonly T[] {
  const step = Math.max(1, Math.ceil(marks.length / limit));
  return step === 1 ? marks : marks.filter((_, at) => at % step === 0);
}
