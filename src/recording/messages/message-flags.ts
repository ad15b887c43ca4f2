/** The fate of a message, as bits of the column `flags`. */
export const RECEIVED = 1;
export const LOST = 2;
export const DUPLICATED = 4;
/** The message is one of the marked ones. */
export const MARKED = 8;
