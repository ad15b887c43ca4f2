/** Sentences that name steps, whose numbers are known only when all steps are. */

/** Returns ` (step 3)` for the step that shows the message, or nothing if no step does. */
export type CiteStep = (message: number | undefined) => string;

/** Returns complete sentences. */
export type Saying = (cite: CiteStep) => string;
