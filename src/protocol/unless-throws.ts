/** Returns the result, or undefined if `read` throws: for text from elsewhere, and for files that may be missing or incomplete. */
export function unlessThrows<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
