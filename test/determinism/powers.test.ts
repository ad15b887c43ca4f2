/** Powers differ in their last bit between versions of V8; the simulated world uses only those of integers. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const SOURCE = fileURLToPath(new URL('../../src', import.meta.url));
const ROOMS = ['network', 'services', 'generator', 'nemesis', 'workloads', 'run', 'guest', 'world'];
/** Powers of integer literals, and integer powers of two. */
const WHOLE = /\b(?:\d+n? \*\* \d+n?|2 \*\* (?:\w+|\([^()]+\)|Math\.ceil\([^()]*\([^()]*\)\)))/g;
const COMMENT = /^\s*(?:\/?\*|\/\/)/;

const sources = ROOMS.flatMap((room) =>
  readdirSync(join(SOURCE, room), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => join(room, file)),
);

it('no source of the simulated world uses a non-integer power', () => {
  expect(sources.length).toBeGreaterThan(100);
  // The replacement of the operator.
  const own = join('guest', 'language', 'power.ts');
  const found = sources
    .filter((file) => file !== own)
    .flatMap((file) =>
      readFileSync(join(SOURCE, file), 'utf8')
        .split('\n')
        .filter((line) => !COMMENT.test(line))
        .filter((line) =>
          /\*\*|Math\.pow/.test(line.replaceAll(WHOLE, '').replaceAll(/'[^']*'|\/[^/]*\/g?/g, '')),
        )
        .map((line) => `${file}: ${line.trim()}`),
    );
  expect(found).toEqual([]);
});
