/** Kinds of history on which a checker is known to be wrong at present: not drawn until it is mended. */
export const PENDING: ReadonlySet<string> = new Set([
  'edn-values',
  'fractions-listed-twice',
  'crashed-dequeue',
  'negative-indexes',
  'repeated-register-values',
  'unwritten-register-values',
  'own-appends-out-of-order',
  'session-order-to-crashed',
]);
