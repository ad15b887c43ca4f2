/** Limits on JSON, which may come from hostile programs. */

/** Arrays and objects within each other, at most, in what is read. */
export const DEEPEST_NESTING = 1000;

/** The same for a message, its envelope included. Operations and results hold it some levels deeper, and are read back. */
export const DEEPEST_MESSAGE = 980;

/** Characters of a number, at most: arithmetic on longer ones could be made to take minutes. */
export const LONGEST_NUMBER = 1000;
