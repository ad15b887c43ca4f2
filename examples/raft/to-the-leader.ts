/**
 * Brings requests to the leader, wherever they arrived.
 *
 * As long as a request has not left this node, a refusal is definite. Once it has been sent or written into the log, it
 * no longer is, whatever the reply: the leader may have been voted out between two copies of the message, and have
 * taken the first and refused the second. But it is safe to ask again, and to ask the next leader: a command that is in
 * the log twice is executed once (key-value-machine.ts), and a node that has joined or left does not do so again
 * (change-members.ts).
 */
import { type Json, type Node, RpcError } from 'maelstrom/node';

const ATTEMPTS = 7;
const PAUSE_MS = 100;
/**
 * Timeout of the first attempt. Each further one waits twice as long, up to a limit: a slow network is no reason to
 * give up.
 */
const PATIENCE_MS = 200;
const MOST_PATIENCE_MS = 1000;

export interface Handover<Command extends Json, Outcome extends Json> {
  /** The type of the message to the leader. */
  readonly type: string;
  /** Executes the command on the leader. */
  readonly carryOut: (command: Command) => Promise<Outcome>;
  /** Returns the current leader, as far as this node knows. */
  readonly leader: () => string | undefined;
}

/**
 * Returns a function that executes a command. It rejects with error 11 when there is no leader, with error 0 when the
 * outcome is unknown.
 */
export function toTheLeader<Command extends Json, Outcome extends Json>(
  node: Node,
  { type, carryOut, leader: currentLeader }: Handover<Command, Outcome>,
): (command: Command) => Promise<Outcome> {
  node.on(type, async ({ command }: { command: Command }) => ({ outcome: await carryOut(command) }));

  async function attempt(leader: string, command: Command, timeoutMs: number): Promise<Outcome> {
    if (leader === node.id) return await carryOut(command);
    const { outcome } = await node.rpc<{ outcome: Outcome }>(leader, { type, command }, { timeoutMs });
    return outcome;
  }

  return async (command) => {
    if (currentLeader() === undefined) throw RpcError.temporarilyUnavailable('there is no leader at present');
    let patienceMs = PATIENCE_MS;
    for (let count = 1; count <= ATTEMPTS; count++) {
      try {
        const leader = currentLeader();
        if (leader !== undefined) return await attempt(leader, command, patienceMs);
      } catch (error) {
        if (!(error instanceof RpcError)) throw error;
      }
      patienceMs = Math.min(2 * patienceMs, MOST_PATIENCE_MS);
      await new Promise<void>((resume) => node.after(PAUSE_MS, resume));
    }
    throw RpcError.timeout(`no answer from a leader in ${ATTEMPTS} attempts`);
  };
}
