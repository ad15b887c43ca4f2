/** Prefix of the text that follows the reason of a verdict: how other operations ended. */
export const BESIDE_THE_REASON = 'Those that did not succeed:';
