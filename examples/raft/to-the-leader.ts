/**
 * Brings commands to the leader, wherever they came in.
 *
 * A request to the leader names the term in which it leads. A node that does not lead in that term never will, so its
 * refusal is final, even if a copy of the message arrives next week.
 *
 * Without an answer nobody knows: the command may be in the log. It is safe to ask again, and to ask the next leader, for
 * a command that is in the log twice is carried out once (see key-value-machine.ts). But it is no longer safe to tell the
 * client that nothing happened.
 */
import { type Node, RpcError } from 'maelstrom/node';
import type { Command, Outcome } from './key-value-machine.ts';
import type { Raft } from './raft.ts';

const ATTEMPTS = 5;
const PATIENCE_MS = 250;

/** Returns what carries out a command. It rejects with error 11 when there is no leader, with error 0 when nobody knows. */
export function toTheLeader(
  node: Node,
  raft: Raft<Command, Outcome>,
): (command: Command) => Promise<Outcome> {
  node.on('forward', async ({ term, command }: { term: number; command: Command }) => {
    if (term !== raft.term) throw RpcError.temporarilyUnavailable(`this node does not lead in term ${term}`);
    return { outcome: await raft.propose(command) };
  });

  async function attempt(command: Command): Promise<Outcome> {
    const { isLeader, leader, term } = raft;
    if (isLeader) return await raft.propose(command);
    if (leader === undefined) throw RpcError.temporarilyUnavailable('there is no leader at present');
    const request = { type: 'forward', term, command };
    const { outcome } = await node.rpc<{ outcome: Outcome }>(leader, request, { timeoutMs: PATIENCE_MS });
    return outcome;
  }

  return async (command) => {
    let mayHaveHappened = false;
    for (let count = 1; count <= ATTEMPTS; count++) {
      try {
        return await attempt(command);
      } catch (error) {
        if (!(error instanceof RpcError)) throw error;
        if (!error.definite) mayHaveHappened = true;
        if (!mayHaveHappened) throw error;
        await new Promise<void>((resume) => node.after(PATIENCE_MS, resume));
      }
    }
    throw RpcError.timeout(`no answer from a leader in ${ATTEMPTS} attempts`);
  };
}
