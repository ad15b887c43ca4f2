/** What runs the functions of a user's file, so that one that does not return can be ended. */

/** `part` is what messages call the function, with its marks: `begin` in backquotes. */
export type Watch = <Result>(part: string, work: () => Result) => Result;

export const unwatched: Watch = (_part, work) => work();
