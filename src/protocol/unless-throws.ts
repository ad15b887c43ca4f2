/** Reads what may be anything: a text from elsewhere, or a file that may be missing or half written. */

/** Returns the result, or undefined if `read` throws. */
export function unlessThrows<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
