/** How large JSON may be, for those who write it may be hostile. */

/** Arrays and objects within each other, at most; a message's envelope is level 1. */
export const DEEPEST_NESTING = 1000;

/** Characters of a number, at most: arithmetic on longer ones could be made to take minutes. */
export const LONGEST_NUMBER = 1000;
