import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readAssignments } from './read-assignments.ts';

const root = mkdtempSync(join(tmpdir(), 'maelstrom-assignments-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(root, name);
  writeFileSync(path, text);
  return path;
}
const read = (text: string) => readAssignments(file('a.json', text));

it('assignments in JSON have all their fields', async () => {
  const one = {
    name: 'week 3',
    title: 'gossip',
    tests: ['-w broadcast --time-limit 5'],
    runs: 2,
    points: 0.5,
    limits: { messagesPerOperation: 30 },
    bin: 'src/node.ts',
    reading: 'chapter 3',
  };
  expect(await read(JSON.stringify([one]))).toEqual([one]);
});

it('a module may create them', async () => {
  const path = file(
    'a.ts',
    `const rates: readonly number[] = [10, 100];
     export default rates.map((rate) => ({ name: \`rate \${rate}\`, tests: [\`-w echo --rate \${rate}\`] }));`,
  );
  expect((await readAssignments(path)).map(({ name }) => name)).toEqual(['rate 10', 'rate 100']);
});

it.each([
  ['[', 'is not JSON'],
  ['{}', 'must hold a list of assignments, but holds an object'],
  ['[]', 'but holds an empty list'],
  ['[1]', 'assignment 1 must be an object, but is number 1'],
  ['[{"tests":["-w echo"]}]', 'assignment 1 has no name'],
  ['[{"name":"a","tests":[]}]', 'tests must be a list of strings'],
  ['[{"name":"a","tests":"-w echo"}]', 'tests must be a list of strings'],
  ['[{"name":"a","tests":["-w brodcast"]}]', 'there is no workload "brodcast". Did you mean broadcast?'],
  [
    '[{"name":"a","tests":["-w ./no/lock.ts"]}]',
    /The workload \S+no\/lock\.ts does not exist or is not a file/,
  ],
  ['[{"name":"a","tests":["--node-cont 3"]}]', "Unknown option '--node-cont'"],
  ['[{"name":"a","tests":["-w echo --rate many"]}]', '--rate'],
  ['[{"name":"a","tests":["-w echo --bin x"]}]', '--bin cannot be used in a test'],
  ['[{"name":"a","tests":["-w echo"],"limit":{}}]', 'has an unknown field "limit"'],
  ['[{"name":"a","tests":["-w echo"],"limits":{"median":3}}]', 'has an unknown field "median"'],
  ['[{"name":"a","tests":["-w echo"],"limits":{"medianMs":"3"}}]', 'medianMs must be a number from 0'],
  ['[{"name":"a","tests":["-w echo"],"runs":0}]', 'runs must be a whole number from 1'],
  ['[{"name":"a","tests":["-w echo"],"bin":"../x.ts"}]', 'bin must be a path within each folder'],
  ['[{"name":"a","tests":["-w echo"],"bin":"/x.ts"}]', 'bin must be a path within each folder'],
  ['[{"name":"a","tests":["-w echo"]},{"name":"a","tests":["-w echo"]}]', 'two assignments named a'],
])('%s is refused with its place', async (text, message) => {
  await expect(read(text)).rejects.toThrow(message);
});

it('a module that throws or does not compile is refused, and so is a missing file', async () => {
  await expect(readAssignments(file('b.ts', 'throw new Error("no")'))).rejects.toThrow(
    'could not be loaded: Error: no',
  );
  await expect(readAssignments(file('c.ts', 'export default ((('))).rejects.toThrow('does not compile');
  await expect(readAssignments(join(root, 'none.json'))).rejects.toThrow('does not exist');
});
