/** g-set: a grow-only set. In the end every added element is in the set on every node. */
import { SetFullChecker, type SetFullResult } from '../checkers/sets/set-full.ts';
import {
  explainSetFull,
  remarkOnSetFull,
  setFullEvidence,
  setFullFigure,
} from '../checkers/sets/explain-set-full.ts';
import { addElementRpc, gSetRpcs, readSetRpc } from '../protocol/rpcs/g-set.ts';
import { elements, finalReads, growOnlyClient, verdictOfUnsettledSet, withReads } from './grow-only.ts';
import { withAnyValue, withoutValue } from './operation-form.ts';
import type { PreparedWorkload, GuidedWorkload, WorkloadOptions } from './workload.ts';

const prepare = ({ strict = false, repeatElements }: WorkloadOptions): PreparedWorkload<SetFullResult> => ({
  client: (link) =>
    growOnlyClient(link, {
      write: addElementRpc,
      fieldsOf: (element) => ({ element }),
      read: readSetRpc,
      readField: 'value',
    }),
  generator: withReads(elements('add', repeatElements)),
  finalGenerator: finalReads,
  verdictWithoutFinalReads: verdictOfUnsettledSet,
  checker: () => new SetFullChecker({ strict }),
});

export const gSet: GuidedWorkload<SetFullResult> = {
  name: 'g-set',
  about:
    'A grow-only set. Clients add elements and read the whole set. An element that was added, or that any read returned, must be on every node in the end, whatever happened to the network meanwhile.',
  rpcs: gSetRpcs,
  operations: [withAnyValue('add'), withoutValue('read')],
  prepare,
  explain: explainSetFull,
  remark: remarkOnSetFull,
  figure: setFullFigure,
  evidence: setFullEvidence,
  guide: {
    requests:
      'Clients send `add`, with integers counting up from 0, and `read`, in random order and equally often. At the end, after `--recovery-time`, each client reads once more.',
    checked:
      'As in broadcast: every element that was acknowledged or read is in the final reads of all nodes, and no read contains an element that was never added.',
    options: ['--rate', '--nemesis', '--repeat-elements', '--strict'],
  },
};
