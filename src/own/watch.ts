/** Runs the functions of a user's file, so that one that never returns can be terminated. */

/** `part` is the function's name in messages, including its marks: `begin` in backquotes. */
export type Watch = <Result>(part: string, work: () => Result) => Result;

export const unwatched: Watch = (_part, work) => work();
