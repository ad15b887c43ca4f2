/** Kinds of history on which a checker is known to be wrong at present: not drawn until it is mended. */
export const PENDING: ReadonlySet<string> = new Set<string>();
