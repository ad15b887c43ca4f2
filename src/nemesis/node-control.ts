/**
 * What faults may do to nodes. Each call can be repeated without harm, and says in one word what was done; the words go
 * into the history.
 */

/** `crashed` is a node that ended by itself; it stays down. */
export type NodeDeed =
  | 'killed'
  | 'started'
  | 'paused'
  | 'resumed'
  | 'added'
  | 'removed'
  /** Nothing had to be done. */
  | 'running'
  | 'already-killed'
  | 'already-paused'
  /** Nothing could be done. */
  | 'not-running'
  | 'crashed'
  | 'failed';

export interface NodeControl {
  /** SIGKILL, now. What is on its way to it is lost; its name stays. */
  kill(node: string): NodeDeed;
  /** Starts one that was killed, and initialises it. Calls back when it has answered, failed, or run out of time. */
  start(node: string, done: (deed: NodeDeed) => void): void;
  /** SIGSTOP: it keeps what it has, and messages to it wait. */
  pause(node: string): NodeDeed;
  /** SIGCONT. */
  resume(node: string): NodeDeed;
}
