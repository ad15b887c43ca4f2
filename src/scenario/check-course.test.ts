import { expect, it } from 'vitest';
import { completeSpec } from '../harness/spec-defaults.ts';
import type { Json } from '../protocol/json.ts';
import type { Course } from '../run/course.ts';
import { checkCourse } from './check-course.ts';

const op = (thread: number) => ({ label: 0, thread, atNanos: 0, f: 'read', value: null });
const fault = (f: string, value: Json) => ({ faults: [{ label: 0, atNanos: 0, f, value }] });

function check(course: Partial<Course>): void {
  const spec = completeSpec({
    workload: 'broadcast',
    bin: 'node.ts',
    nodes: ['n1', 'n2', 'n3'],
    concurrency: 3,
    course: { ops: [], finalOps: [], chance: 'calm', messages: [], ...course },
  });
  checkCourse(spec, 's.json');
}

it.each<[Partial<Course>, string]>([
  [{ ops: [op(0), op(3)] }, 's.json: ops[1].thread is 3, but there are 3 clients, from 0 to 2.'],
  [{ finalOps: [op(99)] }, 's.json: finalOps[0].thread is 99, but there are 3 clients'],
  [{ threads: ['n1', 'n4'] }, 's.json: threads names "n4", which is no node. Did you mean n1?'],
  [
    fault('start-particion', null),
    's.json: faults[0].f is "start-particion", which no fault knows. Did you mean start-partition?',
  ],
  [fault('kill', ['n9']), 's.json: faults[0].value is ["n9"]; expected for kill a list of nodes'],
  [fault('kill', { x: 1 }), 's.json: faults[0].value is {"x":1}; expected for kill a list of nodes'],
  [fault('start-partition', 5), 's.json: faults[0].value is 5; expected for partition lists of nodes'],
  [fault('start-one-way', ['mute', 'nobody']), 'expected for one-way which nodes are not heard'],
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
])('takes %s at %j', (f, value) => {
  check(fault(f, value));
});

it('with nodes that join, does not know what nodes there are', () => {
  const faults = [...fault('add-member', null).faults, ...fault('kill', ['n4']).faults];
  check({ faults, threads: ['n4'] });
});
