/**
 * What faults may do to nodes. Each call can be repeated without harm, and says in one word what was done; the words go
 * into the history.
 */

/** `crashed` is a node that ended by itself; it stays down. */
export type NodeActionResult =
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
  kill(node: string): NodeActionResult;
  /** Starts one that was killed, and initialises it. Calls back when it has answered, failed, or run out of time. */
  start(node: string, done: (result: NodeActionResult) => void): void;
  /** SIGSTOP: it keeps what it has, and messages to it wait. */
  pause(node: string): NodeActionResult;
  /** SIGCONT. */
  resume(node: string): NodeActionResult;
}

/** How a change of membership ended; goes into the history. */
export type MembershipAnswer =
  | { readonly kind: 'done' }
  /** The error that the member which was asked answered with. */
  | { readonly kind: 'error'; readonly code: number; readonly text: string }
  | { readonly kind: 'timeout' }
  /** It became a member, and then could not be started. */
  | { readonly kind: 'not-started' };

/** What faults may do to the set of nodes. */
export interface MembershipControl {
  /** The nodes that are members at present. */
  members(): readonly string[];
  /** Those of them that run now, and so may answer. */
  runningMembers(): readonly string[];
  /** Asks the member `via` to take in a node of a new name; starts and initialises that node when it has agreed. */
  addMember(node: string, via: string, done: (answer: MembershipAnswer) => void): void;
  /** Asks the member `via` to let a member go, and stops that one when it has agreed. Names do not come back. */
  removeMember(node: string, via: string, done: (answer: MembershipAnswer) => void): void;
}
