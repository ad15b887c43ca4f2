/** What became of a message, as bits of the column `flags`. */
export const RECEIVED = 1;
export const LOST = 2;
export const DUPLICATED = 4;
/** The message is one of those that were asked to be marked. */
export const MARKED = 8;
