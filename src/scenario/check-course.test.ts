import { expect, it } from 'vitest';
import { completeSpec } from '../harness/settings/spec-defaults.ts';
import type { Json } from '../protocol/json.ts';
import type { Course } from '../run/course.ts';
import { broadcast } from '../workloads/broadcast.ts';
import { WORKLOADS } from '../workloads/index.ts';
import type { Workload } from '../workloads/workload.ts';
import { checkCourse } from './check-course.ts';

const op = (thread: number) => ({ label: 0, thread, atNanos: 0, f: 'read', value: null });
const fault = (f: string, value: Json) => ({ faults: [{ label: 0, atNanos: 0, f, value }] });

function check(course: Partial<Course>, workload: Workload = broadcast): void {
  const spec = completeSpec({
    workload: workload.name,
    bin: 'node.ts',
    nodes: ['n1', 'n2', 'n3'],
    concurrency: 3,
    course: { ops: [], finalOps: [], chance: 'calm', messages: [], ...course },
  });
  checkCourse(spec, workload, 's.json');
}

it.each<[Partial<Course>, string]>([
  [{ ops: [op(0), op(3)] }, 's.json: ops[1].thread is 3, but there are 3 clients, from 0 to 2.'],
  [{ finalOps: [op(99)] }, 's.json: finalOps[0].thread is 99, but there are 3 clients'],
  [{ threads: ['n1', 'n4'] }, 's.json: threads names "n4", which is not a node. Did you mean n1?'],
  [
    fault('start-particion', null),
    's.json: faults[0].f is "start-particion", which is not an operation of any fault. Did you mean start-partition?',
  ],
  [fault('kill', ['n9']), 's.json: faults[0].value is ["n9"]; expected for kill a list of nodes'],
  [fault('kill', { x: 1 }), 's.json: faults[0].value is {"x":1}; expected for kill a list of nodes'],
  [fault('start-partition', 5), 's.json: faults[0].value is 5; expected for partition lists of nodes'],
  [fault('start-one-way', ['mute', 'nobody']), 'expected for one-way the nodes that are not heard'],
  [
    { ...fault('kill', ['n1']), healing: [{ label: 1, atNanos: 0, f: 'mend', value: null }] },
    's.json: healing[0].f is "mend"',
  ],
])('refuses %j', (course, message) => {
  expect(() => check(course)).toThrow(message);
});

it.each<[string, Json]>([
  ['kill', null],
  ['pause', 'minority-third'],
  ['start-loss', ['n1', 'n3']],
  ['start-partition', 'majorities-ring'],
  ['start-partition', [['n1'], ['n2', 'n3']]],
  ['start-partition', { n1: ['n2'] }],
  ['start-one-way', ['link']],
  ['start-one-way', ['deaf', ['n2']]],
  ['start-one-way', { from: ['n1'], to: ['n2'] }],
  ['stop-loss', 'all'],
  ['add-member', null],
])('accepts %s at %j', (f, value) => {
  check(fault(f, value));
});

it('with joining nodes, does not know which nodes exist', () => {
  const faults = [...fault('add-member', null).faults, ...fault('kill', ['n4']).faults];
  check({ faults, threads: ['n4'] });
});

const asked = (f: string, value: Json): Partial<Course> => ({ ops: [{ ...op(0), f, value }] });

it.each<[string, string, Json, string]>([
  [
    'broadcast',
    'raed',
    null,
    's.json: ops[0].f is "raed", which is not an operation of broadcast. Did you mean read?',
  ],
  ['broadcast', 'read', 1, 's.json: ops[0].value is 1; expected for read null.'],
  ['g-counter', 'add', -1, 's.json: ops[0].value is -1; expected for add an integer of at least 0.'],
  ['pn-counter', 'add', 0.5, 's.json: ops[0].value is 0.5; expected for add an integer.'],
  ['lin-kv', 'read', null, 'expected for read an array of a key and null.'],
  ['lin-kv', 'write', [0, null], 'expected for write an array of a key and the value to write'],
  ['lin-kv', 'cas', [0, 1], 'expected for cas an array of a key and an array of two values'],
  ['txn-list-append', 'txn', [['w', 0, 1]], 'expected for txn an array of micro-operations'],
  ['txn-rw-register', 'txn', [['r', 0, 1]], 'each ["r", key, null] or ["w", key, value].'],
  ['txn-rw-register', 'txn', 'r', 'expected for txn an array of micro-operations'],
  ['kafka', 'send', [['send', 0, 1]], 'where the key is a string.'],
  ['kafka', 'poll', [], 'expected for poll [["poll"]].'],
  ['kafka', 'assign', [0], 'expected for assign an array of keys, which are strings.'],
])('of %s refuses %s at %j', (name, f, value, message) => {
  expect(() => check(asked(f, value), WORKLOADS.get(name))).toThrow(message);
});

it('accepts any operation of a workload that does not describe its operations', () => {
  const { operations: _, ...own } = broadcast;
  check(asked('raed', 5), own);
});
