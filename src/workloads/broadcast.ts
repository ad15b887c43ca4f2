/** broadcast: a message sent to one node reaches all of them. A set that grows by gossip. */
import { SetFullChecker, type SetFullResult } from '../checkers/sets/set-full.ts';
import {
  explainSetFull,
  remarkOnSetFull,
  setFullEvidence,
  setFullFigure,
} from '../checkers/sets/explain-set-full.ts';
import type { JsonObject } from '../protocol/json.ts';
import { broadcastRpc, broadcastRpcs, readMessagesRpc, topologyRpc } from '../protocol/rpcs/broadcast.ts';
import { shownText } from '../protocol/shown-text.ts';
import { UserError } from '../protocol/user-error.ts';
import { elements, finalReads, growOnlyClient, verdictOfUnsettledSet, withReads } from './grow-only.ts';
import { withAnyValue, withoutValue } from './operation-form.ts';
import { TOPOLOGIES, topology } from './topology.ts';
import {
  BROKEN_ANSWER,
  type ClientLink,
  type PreparedWorkload,
  type Reply,
  type GuidedWorkload,
  type WorkloadOptions,
} from './workload.ts';

/** Sends the topology to every node, one after the other; stops at the first that does not accept it. */
function sendTopology(
  link: ClientLink,
  fields: JsonObject,
  done: (problem: string | undefined) => void,
): void {
  const { nodes } = link;
  const next = (at: number): void => {
    const node = nodes[at];
    if (node === undefined) {
      done(undefined);
      return;
    }
    link.rpc(topologyRpc, node, fields, (reply) => {
      const problem = topologyProblem(node, reply);
      if (problem === undefined) next(at + 1);
      else done(problem);
    });
  };
  next(0);
}

function topologyProblem(node: string, reply: Reply): string | undefined {
  switch (reply.kind) {
    case 'reply':
      return undefined;
    case 'error':
      if (reply.text.startsWith(BROKEN_ANSWER))
        return `${node}'s answer to \`topology\` was not accepted: ${shownText(reply.text)}.`;
      return `${node} answered \`topology\` with error ${reply.code} (${shownText(reply.text)}); expected \`topology_ok\`.`;
    case 'timeout':
      return `${node} did not answer \`topology\`; expected \`topology_ok\` with in_reply_to set to the request's msg_id.`;
  }
}

function prepare(options: WorkloadOptions): PreparedWorkload<SetFullResult> {
  const neighbours = options.neighbours ?? topology(options.topology, options.nodes);
  if (neighbours === undefined) {
    throw new UserError(
      `There is no topology called ${options.topology}.`,
      `Choose one of ${TOPOLOGIES.join(', ')}.`,
    );
  }
  const fields = { topology: Object.fromEntries(neighbours) };
  return {
    setup: (link, done) => sendTopology(link, fields, done),
    client: (link) =>
      growOnlyClient(link, {
        write: broadcastRpc,
        fieldsOf: (message) => ({ message }),
        read: readMessagesRpc,
        readField: 'messages',
      }),
    generator: withReads(elements('broadcast', options.repeatElements)),
    finalGenerator: finalReads,
    verdictWithoutFinalReads: verdictOfUnsettledSet,
    checker: () => new SetFullChecker({ add: 'broadcast', strict: options.strict ?? false }),
  };
}

export const broadcast: GuidedWorkload<SetFullResult> = {
  name: 'broadcast',
  about:
    'Clients send messages to nodes, and every message must reach every node: by the end, each node must have all messages that were acknowledged or returned by any read. At the start, nodes receive a topology, a map from each node to its neighbours, which they may use for gossip or ignore.',
  rpcs: broadcastRpcs,
  operations: [withAnyValue('broadcast'), withoutValue('read')],
  prepare,
  explain: explainSetFull,
  remark: remarkOnSetFull,
  figure: setFullFigure,
  evidence: setFullEvidence,
  guide: {
    requests:
      'Before the first request, each node receives `topology`. Then clients send `broadcast`, with integers counting up from 0, and `read`, in random order and equally often. After the last request the network is healed, and after `--recovery-time` each client reads once more.',
    checked:
      'An element that was acknowledged or returned by any read is in the final reads of all nodes (otherwise it is *lost*), and no read contains an element that was never added. Slow propagation is not an error: `stable-latencies` show how long it takes. `net.servers.msgs-per-op` shows how many messages it takes.',
    options: ['--topology', '--latency', '--rate', '--nemesis', '--repeat-elements', '--strict'],
  },
};
