/** What is wrong with a history that was read, or given to be analysed: where, what was seen, what was expected. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError';
}
