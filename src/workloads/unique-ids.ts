/** unique-ids: nodes generate ids, and no two of them are ever equal. */
import {
  explainUniqueIds,
  UniqueIdsChecker,
  uniqueIdsEvidence,
  uniqueIdsFigure,
  type UniqueIdsResult,
} from '../checkers/replies/unique-ids.ts';
import { repeatedly } from '../generator/operations.ts';
import { generateRpc } from '../protocol/rpcs/unique-ids.ts';
import { completionOf } from './completion.ts';
import { withoutValue } from './operation-form.ts';
import type { Client, ClientLink, PreparedWorkload, GuidedWorkload } from './workload.ts';

const client = (link: ClientLink): Client => ({
  invoke(op, done) {
    link.rpc(generateRpc, link.node, {}, (reply) => {
      done(completionOf(op, reply, { idempotent: false, resultOf: (body) => body['id'] ?? null }));
    });
  },
});

const prepare = (): PreparedWorkload<UniqueIdsResult> => ({
  client,
  generator: repeatedly(() => ({ f: 'generate' })),
  checker: () => new UniqueIdsChecker(),
});

export const uniqueIds: GuidedWorkload<UniqueIdsResult> = {
  name: 'unique-ids',
  about:
    'Clients ask nodes for ids. Every id must differ from all others, whichever nodes returned them, even during a network partition. Ids may be of any type: numbers (every digit of large ones counts), strings, arrays, objects.',
  rpcs: [generateRpc],
  operations: [withoutValue('generate')],
  prepare,
  explain: explainUniqueIds,
  figure: uniqueIdsFigure,
  evidence: uniqueIdsEvidence,
  guide: {
    requests:
      'Clients ask for ids with `generate`, each at its own node, at `--rate` requests per second in total.',
    checked:
      'No two ids are equal, whichever nodes returned them. Ids are compared as values: 1 and `"1"` differ, and so do large integers that differ in any digit. An id whose reply did not arrive is unknown and not checked.',
    options: ['--rate', '--nemesis', '--availability'],
  },
};
