/**
 * The error text for the caller of a handler that failed: the error, and where in the program it was thrown, such as
 * `TypeError: x is not a function at node.ts:5`. Also, how a node shows any value in its log.
 */
import { stringify } from './json.ts';
import type { Json } from './message.ts';

/** A frame of V8's stacks: the position, and within it the name of the file and the line. */
const FRAME = /^\s*at (?:.*\()?(?:async )?((?:.*[/\\])?([^/\\():]+:\d+):\d+)\)?$/;
/** Positions in Node and in the SDK, which are not the program's. */
const ELSEWHERE = /^node:|(?:^|[/\\])(?:dist[/\\]node\.js|src[/\\]node[/\\][a-z-]+\.ts):/;

export function crashText(error: unknown): string {
  if (!(error instanceof Error)) return show(error);
  for (const frame of String(error.stack).split('\n')) {
    const [, position, place] = FRAME.exec(frame) ?? [];
    if (position !== undefined && !ELSEWHERE.test(position)) return `${String(error)} at ${place}`;
  }
  return String(error);
}

export function show(part: unknown): string {
  if (typeof part === 'string') return part;
  if (part instanceof Error) return part.stack ?? String(part);
  try {
    return stringify(part as Json) ?? String(part); // anything that stringify cannot write is shown some other way
  } catch {
    return String(part);
  }
}
