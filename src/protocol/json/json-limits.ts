/** Limits on JSON, which may come from hostile programs. */

/** Maximum nesting of arrays and objects in JSON that is read. */
export const DEEPEST_NESTING = 1000;

/** Maximum number of characters of a number that is read: arithmetic on longer ones could be made to take minutes. */
export const LONGEST_NUMBER = 1000;

/*
 * Both limits are a little lower for messages. Operations and results contain parts of messages, nested some levels
 * deeper, and with numbers in EDN, with an N or a fraction; and all of that must be readable again.
 */

/** Maximum nesting of arrays and objects in a message, including its envelope. */
export const DEEPEST_MESSAGE = 980;

/** Maximum number of characters of a number in a message. */
export const LONGEST_MESSAGE_NUMBER = 980;
