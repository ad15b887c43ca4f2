/**
 * What faults may do to nodes. Each call can safely be repeated, and returns in one word what was done, which goes into
 * the history.
 */

/** `crashed` is a node that ended by itself; it stays down. */
export type NodeActionResult =
  | 'killed'
  | 'started'
  | 'paused'
  | 'resumed'
  | 'added'
  | 'removed'
  /** Nothing needed to be done. */
  | 'running'
  | 'already-killed'
  | 'already-paused'
  /** Nothing could be done. */
  | 'not-running'
  | 'crashed'
  | 'failed';

export interface NodeControl {
  /** Sends SIGKILL now. Messages in flight to it are lost; its name stays. */
  kill(node: string): NodeActionResult;
  /** Starts a node that was killed, and initialises it. Calls back when it has answered, failed, or timed out. */
  start(node: string, done: (result: NodeActionResult) => void): void;
  /** Sends SIGSTOP: it keeps its state, and messages to it wait. */
  pause(node: string): NodeActionResult;
  /** Sends SIGCONT. */
  resume(node: string): NodeActionResult;
}

/** The outcome of a change of membership, which goes into the history. */
export type MembershipAnswer =
  | { readonly kind: 'done' }
  /** The error reply of the member that was asked. */
  | { readonly kind: 'error'; readonly code: number; readonly text: string }
  | { readonly kind: 'timeout' }
  /** It became a member, but could not be started. */
  | { readonly kind: 'not-started' };

/** What faults may do to the set of nodes. */
export interface MembershipControl {
  members(): readonly string[];
  /** Returns the members that are running, and so may answer. */
  runningMembers(): readonly string[];
  /**
   * Asks the member `via` to add a node with a new name; starts and initialises that node once the member has agreed.
   */
  addMember(node: string, via: string, done: (answer: MembershipAnswer) => void): void;
  /** Asks the member `via` to remove a member, and stops that one once `via` has agreed. Names are not reused. */
  removeMember(node: string, via: string, done: (answer: MembershipAnswer) => void): void;
}
