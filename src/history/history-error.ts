/** An error in a history that was read or passed in for analysis: where it is, what was seen, and what was expected. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError';
}
