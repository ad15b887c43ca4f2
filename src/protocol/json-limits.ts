/** Limits on JSON, which may come from hostile programs. */

/** Arrays and objects within each other, at most, in what is read. */
export const DEEPEST_NESTING = 1000;

/** Characters of a number that is read, at most: arithmetic on longer ones could be made to take minutes. */
export const LONGEST_NUMBER = 1000;

/*
 * For messages both are a little less. Operations and results hold what messages held, some levels deeper, and numbers in
 * EDN, with an N or a fraction; and all that must be read back.
 */

/** Arrays and objects within each other, at most, in a message, its envelope included. */
export const DEEPEST_MESSAGE = 980;

/** Characters of a number in a message, at most. */
export const LONGEST_MESSAGE_NUMBER = 980;
