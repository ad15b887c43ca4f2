import { describe, expect, test } from 'vitest';
import { readFaultScript, type FaultScriptEntry } from './fault-script.ts';

const read = (script: unknown): readonly FaultScriptEntry[] =>
  readFaultScript(typeof script === 'string' ? script : JSON.stringify(script), {
    source: 'story.json',
    nodes: ['n1', 'n2', 'n3'],
    own: [],
    timeLimitSeconds: 60,
    latency: { distribution: 'constant', meanMs: 5 },
  });

describe('a script', () => {
  test('describes partitions by groups, by grudges and by shape, and kills and pauses by nodes and by number', () => {
    const script = [
      { at: 0, fault: 'partition', target: [['n1'], ['n2', 'n3']], for: 10 },
      { at: 1, fault: 'partition', target: { n1: ['n2'] } },
      { at: 2.5, fault: 'partition', target: 'majorities-ring', for: 0.5 },
      { at: 3, fault: 'kill', target: ['n3', 'n1'], for: 1 },
      { at: 4, fault: 'pause', target: 'minority' },
    ];
    expect(read(script)).toEqual(script);
  });

  test('gives times in seconds or with a unit', () => {
    const kill = { fault: 'kill', target: 'primary' };
    expect(read([{ ...kill, at: '1500ms', for: '2s' }])).toEqual([{ ...kill, at: 1.5, for: 2 }]);
  });

  test.each([
    ['loss', 0.3, { loss: 0.3 }],
    ['duplicate', '0.25', { duplicate: 0.25 }],
    ['reorder', 1, { reorder: 1 }],
    ['slow', '20x', { slow: { kind: 'factor', factor: 20 } }],
    ['slow', '50ms..2s', { slow: { kind: 'range', fromMs: 50, toMs: 2000 } }],
    ['flap', '200ms', { flapPeriodMs: 200 }],
    ['skew', '-500ms', { skew: { jumpMs: { from: 500, to: 500, sign: -1 } } }],
    [
      'skew',
      '+1s..2s,0%..2%',
      { skew: { jumpMs: { from: 1000, to: 2000, sign: 1 }, drift: { from: 0, to: 0.02 } } },
    ],
  ])('sets the strength of %s by %j', (fault, strength, strengths) => {
    const entry = { at: 1, fault, target: ['n1'], for: 2 };
    expect(read([{ ...entry, strength }])).toEqual([{ ...entry, strengths }]);
  });

  test('lets nodes join and leave, and may then name those that joined', () => {
    const script = [
      { at: 1, fault: 'membership', target: { add: 'n4' } },
      { at: 2, fault: 'kill', target: ['n4'], for: 1 },
      { at: 3, fault: 'membership', target: { remove: 'n4' } },
      { at: 4, fault: 'membership', target: { remove: 'primary' } },
    ];
    expect(read(script)).toEqual(script);
  });

  test('may be empty', () => {
    expect(read([])).toEqual([]);
  });

  test.each([
    ['[', /^story\.json is not JSON: /],
    [{ at: 1 }, /^story\.json holds \{"at":1\}; expected a list of faults\.$/],
    [
      [7],
      /^story\.json: entry 1 is 7; expected an object with the fields at, fault, target, for, strength\.$/,
    ],
    [
      [{ fault: 'kill', target: 'one' }],
      /entry 1 has no `at`; expected a number of seconds from 0 to 60, the time limit, or a time such as "1\.5s"\./,
    ],
    [
      [{ at: '5', fault: 'kill', target: 'one' }],
      /entry 1: `at` must be a time such as 200ms or 1\.5s, but is "5"\./,
    ],
    [[{ at: '2min', fault: 'kill', target: 'one' }], /entry 1: `at` must be a time such as .* but is "2min"/],
    [
      [{ at: '61s', fault: 'kill', target: 'one' }],
      /entry 1 has `at` "61s"; expected a number of seconds from 0 to 60/,
    ],
    [
      [{ at: 60, fault: 'kill', target: 'one' }],
      /entry 1 has `at` 60; expected a number of seconds from 0 to 60/,
    ],
    [
      [{ at: 1, fault: 'kill', target: 'one', for: 0 }],
      /entry 1 has `for` 0; expected a number of seconds above 0, or a time/,
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
      [{ at: 1, fault: 'loss', target: 'one', strength: 1.5 }],
      /entry 1: the strength of loss must be a probability from 0 to 1, but is "1\.5"\./,
    ],
    [
      [{ at: 1, fault: 'slow', target: 'one', strength: 'much' }],
      /entry 1: the strength of slow must be a factor such as 20x, or a range of times such as 50ms\.\.2s, but is "much"\./,
    ],
    [
      [{ at: 1, fault: 'flap', target: 'one', strength: ['1s'] }],
      /entry 1 has `strength` \["1s"\]; expected a value for --flap, as a number or in quotes\./,
    ],
    [
      [{ at: 1, fault: 'kill', target: 'one', strength: 0.5 }],
      /entry 1 has `strength` 0\.5; expected no such field: kill has no strength\. Faults with a strength: loss, .*skew\./,
    ],
    [
      [{ at: 1, fault: 'membership', target: { add: 'n4' }, for: 2 }],
      /entry 1 has `for` 2; expected no such field: membership is permanent\./,
    ],
    [
      [{ at: 1, fault: 'membership', target: { add: 'n2' } }],
      /expected for membership the node that joins, under a name not used/,
    ],
    [[{ at: 1, fault: 'membership', target: { add: 'c7' } }], /expected for membership the node that joins/],
    [
      [{ at: 1, fault: 'membership', target: { remove: 'n9' } }],
      /expected for membership the node that joins/,
    ],
    [
      [
        { at: 1, fault: 'membership', target: { add: 'n4' } },
        { at: 2, fault: 'membership', target: { add: 'n4' } },
      ],
      /entry 1 has `target` \{"add":"n4"\}; expected for membership the node that joins/,
    ],
    [
      [
        { at: 1, fault: 'kill', target: 'one' },
        { at: 2, fault: 'kill', target: 'one', fro: 2 },
      ],
      /entry 2 has a field "fro"\. Did you mean for\?/,
    ],
  ])('%j is refused with the entry, the field, its value and what is expected', (script, message) => {
    expect(() => read(script)).toThrow(message);
  });
});
