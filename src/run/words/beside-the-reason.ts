/** Begins what is said beside the reason of a verdict: how other operations ended. */
export const BESIDE_THE_REASON = 'Those that did not succeed:';
