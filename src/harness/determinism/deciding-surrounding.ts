/** Finds which part of a process's surroundings makes a run differ, by changing each one alone. */
import { SURROUNDINGS, type Surrounding } from '../simulating-child.ts';

const OURS =
  'The simulation is to hide it: that is a mistake of Maelstrom; please report it, with the program and the seed.';

const SENTENCES: Readonly<Record<Surrounding, string>> = {
  stack:
    'With nothing but a smaller stack it differs, too. So the program depends on how deep a recursion goes until the stack is ' +
    'full, which V8 decides by what it has compiled until then: it must not recurse as deep as that.',
  locale: `With nothing but another locale it differs, too. ${OURS}`,
  'time zone': `With nothing but another time zone it differs, too. ${OURS}`,
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
    if (other === undefined) return 'What makes the difference was not looked for any further.';
    if (other !== digest) return SENTENCES[surrounding];
  }
  return (await run([])) === digest
    ? 'With a smaller stack, another locale or another time zone alone it does not differ, and neither without them.'
    : 'It differs in the same surroundings, too: by what real time or memory decides.';
}
