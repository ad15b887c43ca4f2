/** echo: a node sends back what it receives. The first test to run. */
import { EchoChecker, echoFigure, explainEcho, type EchoResult } from '../checkers/replies/echo.ts';
import { repeatedly } from '../generator/operations.ts';
import { echoRpc } from '../protocol/rpcs/echo.ts';
import { completionOf } from './completion.ts';
import { withAnyValue } from './operation-form.ts';
import type { Client, ClientLink, PreparedWorkload, GuidedWorkload } from './workload.ts';

const client = (link: ClientLink): Client => ({
  invoke(op, done) {
    link.rpc(echoRpc, link.node, { echo: op.value }, (reply) => {
      done(completionOf(op, reply, { idempotent: false, resultOf: (body) => body }));
    });
  },
});

const prepare = (): PreparedWorkload<EchoResult> => ({
  client,
  generator: repeatedly((random) => ({ f: 'echo', value: `Please echo ${random.int(128)}` })),
  checker: () => new EchoChecker(),
});

export const echo: GuidedWorkload<EchoResult> = {
  name: 'echo',
  about:
    'Clients send a message with a payload, and the node returns the same payload. Nothing in it is distributed: it shows that a node reads, writes and answers.',
  rpcs: [echoRpc],
  operations: [withAnyValue('echo')],
  prepare,
  explain: explainEcho,
  figure: echoFigure,
  guide: {
    requests:
      'Each client sends `echo` with a random payload, waits for the reply, and sends the next request; `--rate` is the total over all clients.',
    checked:
      'Every reply has the same payload as its request. A refused request is also an error; a request without a reply is not checked.',
    options: ['--rate', '--node-count', '--concurrency'],
  },
};
