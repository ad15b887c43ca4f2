import { expect, it } from 'vitest';
import { completeSpec } from '../harness/settings/spec-defaults.ts';
import type { Json } from '../protocol/json.ts';
import type { Course } from '../run/course.ts';
import { readScenario, scenarioOf, scenarioSchema, scenarioText, specOfScenario } from './scenario.ts';

const COURSE: Course = {
  ops: [{ label: 3, thread: 1, atNanos: 123_456_789, f: 'broadcast', value: { odd: [null, 'x'] } }],
  finalOps: [{ label: 9, thread: 0, atNanos: 0, f: 'read', value: null, final: true }],
  faults: [{ label: 0, atNanos: 1, f: 'start-partition', value: [['n1'], ['n2']] }],
  healing: [{ label: 1, atNanos: 0, f: 'stop-partition', value: null }],
  chance: 'calm',
  messages: [
    { id: 2 ** 53 - 1, from: 'n1', to: 'n2', type: 'gossip', nth: 0, do: 'drop' },
    { id: 7, from: 'n1', to: 'n2', type: 'gossip', nth: 1, do: 'delay', ms: 0.000001 },
  ],
  threads: ['n1', 'n2'],
};
const spec = completeSpec({
  workload: 'broadcast',
  bin: '/somewhere/node.ts',
  args: ['-v'],
  seed: 'a',
  world: 'simulated',
  nodes: ['n1', 'n2'],
  course: COURSE,
});
const PLACE = { bin: '/somewhere/node.ts', folder: '/somewhere/store/run' };
const FACTS = {
  folder: PLACE.folder,
  maelstrom: '1.0.0',
  program: { path: '../node.ts', args: ['-v'], sha256: 'ab' },
  signature: ['lost'],
  story: ['1. n1 sends.'],
};
const text = scenarioText(scenarioOf(spec, FACTS));

it('has the same spec and course when it is read back', () => {
  const scenario = readScenario(text, 'scenario.json');
  expect(completeSpec(specOfScenario(scenario, PLACE))).toEqual(spec);
  expect(scenario.expect).toEqual({ signature: ['lost'] });
  expect(scenario.story).toEqual(['1. n1 sends.']);
});

it('names invariants relative to its own folder, and finds them from there', () => {
  const invariants = ['/somewhere/rules/one-leader.ts', '/elsewhere/logs.ts'];
  const scenario = scenarioOf({ ...spec, invariants }, FACTS);
  expect(scenario.settings.invariants).toEqual(['../../rules/one-leader.ts', '../../../elsewhere/logs.ts']);
  const moved = specOfScenario(scenario, { bin: '', folder: '/other/store/run' });
  expect(moved.invariants).toEqual(['/other/rules/one-leader.ts', '/elsewhere/logs.ts']);
});

it('has a line for each operation, fault and message', () => {
  expect(text.split('\n').filter((line) => line.startsWith('    ')).length).toBe(9); // two of them are threads
});

it('keeps every nanosecond', () => {
  for (const atNanos of [0, 1, 999_999_999, 4_999_999_999_999, 86_400_000_000_001]) {
    const at = scenarioOf({ ...spec, course: { ...COURSE, ops: [{ ...one, atNanos }] } }, FACTS).ops[0]?.at;
    const again = readScenario(text.replace('"at":0.123456789', `"at":${String(at)}`), '');
    expect(specOfScenario(again, PLACE).course?.ops[0]?.atNanos).toBe(atNanos);
  }
});
const one = { label: 3, thread: 1, f: 'broadcast', value: 1 };

const changed = (change: (scenario: Record<string, unknown>) => void): string => {
  const scenario = JSON.parse(text) as Record<string, unknown>;
  change(scenario);
  return JSON.stringify(scenario);
};

it.each<[string, string, string]>([
  ['text that is not JSON', '{', 's.json is not JSON: '],
  ['another kind of file', '[]', 's.json: the fields must be an object, but is [].'],
  ['an empty object', '{}', 's.json has no `version`.'],
  ['a later version', changed((all) => (all['version'] = 2)), 'was written by a later Maelstrom (format 2;'],
  [
    'a misspelt field',
    changed((all) => (all['opps'] = [])),
    's.json: there is no field "opps". Did you mean ops?',
  ],
  [
    'an operation without a label',
    changed((all) => (all['ops'] = [{ thread: 0, at: 0, f: 'read' }])),
    's.json: ops[0] has no `label`.',
  ],
  [
    'a thread that is not a number',
    changed((all) => (all['ops'] = [{ ...one, at: 0, thread: 'n1' }])),
    's.json: ops[0].thread must be a number, but is "n1".',
  ],
  [
    'a time before the start',
    changed((all) => (all['ops'] = [{ ...one, at: -1 }])),
    's.json: ops[0].at must be',
  ],
  [
    'a delay without a length',
    changed((all) => (all['messages'] = [{ id: 1, from: 'a', to: 'b', type: '', nth: 0, do: 'delay' }])),
    's.json: messages[0], for "do": "delay", has no `ms`.',
  ],
  [
    'an entry copied with its id to another place',
    changed(
      (all) =>
        (all['messages'] = [0, 1].map((nth) => ({ id: 1, from: 'a', to: 'b', type: '', nth, do: 'drop' }))),
    ),
    's.json: messages[1] has the id of an earlier entry, but another place.',
  ],
  [
    'an unknown fate',
    changed((all) => (all['messages'] = [{ id: 1, from: 'a', to: 'b', type: '', nth: 0, do: 'lose' }])),
    's.json: messages[0].do must be one of drop, deliver, delay, duplicate, but is "lose".',
  ],
  [
    'settings without a workload',
    changed((all) => (all['settings'] = {})),
    's.json: settings has no `workload`.',
  ],
])('refuses %s', (_, wrong, message) => {
  expect(() => readScenario(wrong, 's.json')).toThrow(message);
});

it('has a schema that explains every field of an entry and of the file', () => {
  const { properties } = scenarioSchema();
  const explains = (fields: Json | undefined): void => {
    for (const [name, field] of Object.entries(Object(fields)))
      if (name !== 'program')
        expect([name, Object(field).description]).toEqual([name, expect.stringMatching(/./)]);
  };
  explains(properties);
  for (const list of ['ops', 'finalOps', 'faults', 'healing', 'messages'])
    explains(Object(properties)[list].items.properties);
});

it('accepts a hand-written one with only the required fields', () => {
  const { version, program, seed, settings, ops } = readScenario(text, '');
  const scenario = readScenario(JSON.stringify({ version, program, seed, settings, ops }), '');
  expect(specOfScenario(scenario, PLACE).course).toEqual({
    ops: COURSE.ops,
    finalOps: [],
    chance: 'seeded',
    messages: [],
  });
});
