/**
 * A distributed lock with fencing tokens, as a workload. A lock that is granted for a limited time may have two
 * holders: a slow one, and the next. So each holder gets a token higher than all before, and writes with an old token
 * are refused.
 */
import { defineWorkload, linearizable } from 'maelstrom';

export default defineWorkload({
  about: 'A lock with fencing tokens: they grow, and nothing is written with an older one than before.',
  operations: {
    acquire: { reply: { token: 1 }, result: ({ token }) => token },
    write: { request: (token) => ({ token }) },
    release: { request: (token) => ({ token }) },
  },
  /** A client that holds a token writes with it, sometimes for longer than allowed, and then releases it. */
  next({ last, random }) {
    if (last?.type !== 'ok' || last.f === 'release') return { f: 'acquire' };
    return { f: random.boolean(0.3) ? 'release' : 'write', value: last.value };
  },
  checker: linearizable({
    init: { granted: 0, written: 0 },
    step(state, f, token) {
      const { granted, written } = state;
      // The token of an acquire whose reply was lost is unknown.
      if (f === 'release' || token === null) return state;
      if (f === 'acquire') return Number(token) > granted ? { granted: Number(token), written } : undefined;
      return Number(token) >= written ? { granted, written: Number(token) } : undefined;
    },
  }),
});
