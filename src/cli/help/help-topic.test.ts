/** `maelstrom help TOPIC` finds everything that the reference has a section about, and suggests similar names otherwise. */
import { expect, it } from 'vitest';
import { consistencyModelNames, consistencyModels } from '../../checkers/elle/levels/consistency-models.ts';
import { FAMILIES } from '../../checkers/glossary/families.ts';
import { GLOSSARY } from '../../checkers/glossary/glossary.ts';
import { runCli } from '../cli.ts';
import type { Session } from '../session.ts';
import { Console } from '../show/console.ts';
import { markdownOnTerminal } from './markdown-on-terminal.ts';
import { allTopics, topicsNamed } from './topics.ts';

async function maelstrom(words: readonly string[], columns = 80, env = {}): Promise<string> {
  let text = '';
  const console = new Console({ columns, write: (more) => (text += more) }, env);
  const session: Session = {
    console,
    errors: console,
    stdin: () => new ReadableStream<Uint8Array>(),
    env,
    program: './maelstrom',
  };
  const code = await runCli(words, session);
  return `${text}exit ${code}`;
}

const TOPICS = await allTopics();

it.each([
  ['broadcast', 'workload'],
  ['lin-tso', 'service'],
  ['one-way', 'fault'],
  ['20', 'error'],
  ['key-does-not-exist', 'error'],
  ['G-single-item-realtime', 'anomaly'],
  ['strict-serializable', 'consistency model'],
  ['PL-SI', 'consistency model'],
  ['fifo-queue', 'checker'],
  ['--nemesis-interval', 'option'],
  ['nemesis-interval', 'option'],
  ['-w', 'option'],
  ['msgs-per-op', 'key of the results'],
  ['jepsen.log', 'file of a run'],
  ['node-logs', 'file of a run'],
])('%s is a topic: %s', async (word, kind) => {
  expect(topicsNamed(word, TOPICS).map((topic) => topic.kind)).toContain(kind);
  const shown = await maelstrom(['help', word]);
  expect(shown).toMatch(new RegExp(`\\(${kind}\\)\n\n  \\S[\\s\\S]*More: docs/[\\s\\S]*exit 0$`));
});

it.each([
  ['workloads', /^Workloads\n  echo, unique-ids, [^]*To read about one: .\/maelstrom help TOPIC\n\nexit 0$/],
  ['faults', /^Faults\n  partition, /],
  ['fault', /^Faults\n  partition, /],
  ['Consistency-models', /^Consistency models\n  read-uncommitted, /],
  ['models', /^Consistency models\n[^]*\nModels of maelstrom check\n  list-append, /],
  ['results', /^Keys of the results\n[^]*results  \(key of the results\)/],
  ['errors', /^Errors\n  0 timeout, [^]*errors  \(key of the results\)/],
])('%s lists the topics of that kind', async (word, shown) => {
  expect(await maelstrom(['help', word])).toMatch(shown);
});

it('shows everything about a name with several meanings', async () => {
  const shown = await maelstrom(['help', 'duplicate']);
  for (const kind of ['fault', 'anomaly', 'option']) expect(shown).toContain(`(${kind})`);
});

it('case does not matter, but exact matches come first', async () => {
  expect(await maelstrom(['help', 'g1A'])).toContain('Aborted read');
  expect(await maelstrom(['help', 'Kill'])).toContain('kill  (fault)');
});

it.each(GLOSSARY.flatMap(({ entries }) => entries.map(({ name, title }) => [name, title] as const)))(
  '%s of the glossary is a topic, however it is written',
  async (name, title) => {
    for (const word of [name, name.toLowerCase(), name.toUpperCase()]) {
      const shown = await maelstrom(['help', word], 200);
      expect(shown).toContain(`${name}  (anomaly)`);
      expect(shown).toContain(`${title}. `);
    }
  },
);

it.each(consistencyModelNames())('%s is a consistency model by that name', async (name) => {
  const shown = await maelstrom(['help', name.toUpperCase()]);
  expect(shown).toMatch(/\(consistency model\)\n\n {2}\S/);
});

it('of a family lists its members', async () => {
  expect(await maelstrom(['help', 'g-SINGLE'], 100)).toMatchInlineSnapshot(`
    "G-single  (anomaly)

      A cycle of dependencies in which exactly one read missed a later write. The models that forbid it
      allow cycles that exist only because of the order of a process or real time.

      In results it appears as one of:

      - G-single-item: A transaction misses a write that it should have seen.
      - G-single-item-process: A transaction misses a write that it should have seen against the order
        of a process.
      - G-single-item-realtime: A transaction misses a write that it should have seen against real time.

      More: docs/reference/anomalies.md#g-single-item

    exit 0"
  `);
  for (const { name, members } of FAMILIES) {
    const shown = await maelstrom(['help', name]);
    for (const member of members) expect(shown).toContain(`- ${member}: `);
  }
});

it('whatever a model forbids is a topic, except what no checker looks for', () => {
  const forbidden = [...new Set(consistencyModels().flatMap(({ forbids }) => forbids))];
  expect(forbidden.filter((name) => topicsNamed(name, TOPICS).length === 0).toSorted()).toEqual([
    'G-MSR',
    'G-SI',
    'G-SIb',
    'G-cursor',
    'G-monotonic',
    'predicate-read-miss',
  ]);
});

it('words of a name may be separated by spaces or dashes', async () => {
  expect(await maelstrom(['help', 'read skew'])).toContain('G-single  (anomaly)');
  expect(await maelstrom(['help', 'Write-Skew'])).toContain('G2-item  (anomaly)');
  expect(await maelstrom(['help', 'PL-2-cycle-exists'])).toContain('MODEL-cycle-exists  (anomaly)');
});

it('of a command is the help of that command', async () => {
  expect(await maelstrom(['help', 'test'])).toBe(await maelstrom(['test', '--help']));
});

it('an unknown topic is refused, with similar ones', async () => {
  expect(await maelstrom(['help', 'snapshot-isolaton'])).toContain('Did you mean snapshot-isolation');
  expect(await maelstrom(['help', 'nemesis-intervall'])).toContain('Did you mean --nemesis-interval');
  expect(await maelstrom(['help', 'zzzzzzzz'])).toBe(
    'maelstrom: No help found for "zzzzzzzz".\nAll topics: ./maelstrom help topics\nexit 254',
  );
});

it('lists its topics, and fits the terminal', async () => {
  expect(await maelstrom(['help'])).toMatch(/Usage: [\s\S]*\nAnomalies\n[\s\S]*not-linearizable/);
  const all = await maelstrom(['help', 'topics'], 60);
  for (const { name } of TOPICS) expect(all).toContain(name);
  for (const line of all.split('\n').slice(0, -2)) expect(line.length).toBeLessThanOrEqual(60);
});

it('no topic shows Markdown on the terminal', () => {
  const console = new Console({ columns: 140, write: () => undefined }, {});
  const left = TOPICS.filter(({ text }) => /\]\(|\*\*|```|undefined/.test(markdownOnTerminal(text, console)));
  expect(left.map(({ name }) => name)).toEqual([]);
});

it('uses colours only if they are wanted', async () => {
  expect(await maelstrom(['help', 'G0'])).not.toContain('\u001b');
  expect(await maelstrom(['help', 'G0'], 80, { FORCE_COLOR: '1' })).toContain('\u001b');
});
