/**
 * The error text for the caller of a handler that failed: the error, and where in the program it was thrown, such as
 * `TypeError: x is not a function at node.ts:5`.
 */

/** A frame of V8's stacks: the path, and the line. */
const FRAME = /^\s*at (?:.*\()?(?:async )?((?:.*[/\\])?[^/\\():]+):(\d+):\d+\)?$/;
const OF_NODE = /^node:/;
const OF_THE_SDK = /(?:^|[/\\])(?:dist[/\\]node\.js|src[/\\]node[/\\][a-z-]+\.ts)$/;

export function crashText(error: unknown): string {
  const text = String(error);
  const place = placeOf(error);
  return place === undefined ? text : `${text} at ${place}`;
}

/** Returns file and line of the innermost frame in the program's own code, or undefined if the stack has none. */
function placeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return undefined;
  for (const frame of error.stack.split('\n')) {
    const [, path = '', line = ''] = FRAME.exec(frame) ?? [];
    if (path === '' || OF_NODE.test(path) || OF_THE_SDK.test(path)) continue;
    return `${path.replace(/^.*[/\\]/, '')}:${line}`;
  }
  return undefined;
}
