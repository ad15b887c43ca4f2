import { describe, expect, test } from 'vitest';
import { readFaultScript, type FaultScriptEntry } from './fault-script.ts';

const read = (script: unknown): readonly FaultScriptEntry[] =>
  readFaultScript(typeof script === 'string' ? script : JSON.stringify(script), {
    source: 'story.json',
    nodes: ['n1', 'n2', 'n3'],
    timeLimitSeconds: 60,
  });

describe('a script', () => {
  test('tells of partitions by groups, by grudges and by shape, of kills and pauses by nodes and by number', () => {
    const script = [
      { at: 0, fault: 'partition', target: [['n1'], ['n2', 'n3']], for: 10 },
      { at: 1, fault: 'partition', target: { n1: ['n2'] } },
      { at: 2.5, fault: 'partition', target: 'majorities-ring', for: 0.5 },
      { at: 3, fault: 'kill', target: ['n3', 'n1'], for: 1 },
      { at: 4, fault: 'pause', target: 'minority' },
    ];
    expect(read(script)).toEqual(script);
  });

  test('may be empty', () => {
    expect(read([])).toEqual([]);
  });

  test.each([
    ['[', /^story\.json is not JSON: /],
    [{ at: 1 }, /^story\.json holds \{"at":1\}; expected a list of faults\.$/],
    [[7], /^story\.json: entry 1 is 7; expected an object with at, fault, target, for\.$/],
    [
      [{ fault: 'kill', target: 'one' }],
      /entry 1 has no `at`; expected a number of seconds from 0 to 60, the time limit\./,
    ],
    [[{ at: '5', fault: 'kill', target: 'one' }], /entry 1 has `at` "5"; expected a number of seconds/],
    [
      [{ at: 60, fault: 'kill', target: 'one' }],
      /entry 1 has `at` 60; expected a number of seconds from 0 to 60/,
    ],
    [
      [{ at: 1, fault: 'kill', target: 'one', for: 0 }],
      /entry 1 has `for` 0; expected a number of seconds above 0\./,
    ],
    [
      [{ at: 1, fault: 'kil', target: 'one' }],
      /entry 1 has `fault` "kil"; expected one of partition, .* Did you mean kill\?/,
    ],
    [[{ at: 1, target: 'one' }], /entry 1 has no `fault`; expected one of /],
    [[{ at: 1, fault: 'kill' }], /entry 1 has no `target`; expected for kill a list of nodes, such as/],
    [[{ at: 1, fault: 'kill', target: [] }], /entry 1 has `target` \[\]; expected for kill a list of nodes/],
    [
      [{ at: 1, fault: 'kill', target: ['n9'] }],
      /entry 1 has `target` \["n9"\]; .* The nodes are n1, n2, n3\.$/,
    ],
    [[{ at: 1, fault: 'kill', target: ['n1', 'n1'] }], /entry 1 has `target` \["n1","n1"\]; expected/],
    [
      [{ at: 1, fault: 'partition', target: [['n1'], ['n1', 'n2']] }],
      /entry 1 has `target` \[\["n1"\],\["n1","n2"\]\]; expected for partition lists/,
    ],
    [
      [{ at: 1, fault: 'partition', target: [['n1']] }],
      /entry 1 has `target` \[\["n1"\]\]; expected for partition lists/,
    ],
    [
      [{ at: 1, fault: 'partition', target: { n9: ['n1'] } }],
      /entry 1 has `target` \{"n9":\["n1"\]\}; expected for partition lists/,
    ],
    [
      [
        { at: 1, fault: 'kill', target: 'one' },
        { at: 2, fault: 'kill', target: 'one', fro: 2 },
      ],
      /entry 2 has a field "fro"\. Did you mean for\?/,
    ],
  ])('%j is refused with the entry, the field, what stands there and what is expected', (script, message) => {
    expect(() => read(script)).toThrow(message);
  });
});
