/**
 * A leader lease, as a workload: clients ask any node to act as the leader, and only the leader does. Terms grow: once
 * a node has acted in a term, none may act in an earlier one, nor two in the same.
 */
import { defineWorkload, onOps } from 'maelstrom';

type Acted = { readonly term: number; readonly leader: string };

export default defineWorkload({
  about: 'A leader lease: at no time do two nodes act as the leader.',
  operations: {
    act: {
      reply: { term: 1, leader: 'n1' },
      result: ({ term, leader }) => ({ term, leader }),
      readOnly: true,
    },
  },
  next: () => ({ f: 'act' }),
  checker: onOps<Acted>(function* (ops) {
    const acts = ops.filter(({ type }) => type === 'ok');
    const leaders = new Map<number, (typeof acts)[number]>();
    for (const act of acts) {
      const { term, leader } = act.value;
      const later = acts.find((other) => other.ended < act.began && other.value.term > term);
      if (later !== undefined) {
        const text = `${leader} acted in term ${term} after ${later.value.leader} had acted in term ${later.value.term}`;
        yield { kind: 'two leaders', text, operations: [later, act] };
      }
      const first = leaders.get(term) ?? act;
      leaders.set(term, first);
      if (first.value.leader !== leader) {
        const text = `${first.value.leader} and ${leader} both acted in term ${term}`;
        yield { kind: 'one term, two leaders', text, operations: [first, act] };
      }
    }
  }),
});
