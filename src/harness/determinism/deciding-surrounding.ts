/** Finds which part of a process's surroundings makes a run differ, by changing each one alone. */
import { SURROUNDINGS, type Surrounding } from '../simulating-child.ts';

const OURS =
  'The simulation should hide it, so this is a bug in Maelstrom; please report it with the program and the seed.';

const SENTENCES: Readonly<Record<Surrounding, string>> = {
  stack:
    'It also differs with nothing but a smaller stack. So the program depends on how deep it can recurse until the stack is ' +
    'full, which depends on what V8 has compiled so far: it must not recurse that deep.',
  locale: `It also differs with nothing but another locale. ${OURS}`,
  'time zone': `It also differs with nothing but another time zone. ${OURS}`,
};

/**
 * Returns a sentence. `digest` is that of the original run; `run` returns the digest in other surroundings, or
 * undefined if it was stopped.
 */
export async function decidingSurrounding(
  digest: string,
  run: (elsewhere: readonly Surrounding[]) => Promise<string | undefined>,
): Promise<string> {
  for (const surrounding of SURROUNDINGS) {
    const other = await run([surrounding]);
    if (other === undefined) return 'The cause of the difference was not searched any further.';
    if (other !== digest) return SENTENCES[surrounding];
  }
  return (await run([])) === digest
    ? 'It does not differ with only a smaller stack, another locale or another time zone, nor without any of them.'
    : 'It also differs in the same environment, so it depends on real time or memory.';
}
