import { expect, it } from 'vitest';
import type { Op } from '../../history/op.ts';
import { MisdirectedAnswers } from './misdirected-answers.ts';

type Message = readonly [src: string, dest: string, body: object];

/** Returns what is said of a run with these messages, in which each `echo` ended like that. */
function saidOf(messages: readonly Message[], type: Op['type'] = 'info'): string | undefined {
  const answers = new MisdirectedAnswers((name) => (name.startsWith('n') ? 'node' : 'client'));
  answers.observe({ index: 0, time: 0, process: 0, type: 'invoke', f: 'echo', value: 'a' });
  for (const [id, [src, dest, body]] of messages.entries())
    answers.sent({ id, src, dest, body: Buffer.from(JSON.stringify(body)) });
  answers.observe({ index: 1, time: 1, process: 0, type, f: 'echo', value: 'a' });
  return answers.sentence();
}

const ANSWER = { type: 'echo_ok', in_reply_to: 1 };
const ASKED: Message = ['c1', 'n1', { type: 'echo', msg_id: 1 }];

it('names an answer to a client that a node sent to itself or to a peer', () => {
  const expected = 'Expected: the `dest` of an answer is the `src` of its request, here a client.';
  expect(saidOf([ASKED, ['n1', 'n1', ANSWER]])).toBe(
    `n1 sent itself the answer \`echo_ok\` with \`in_reply_to\` 1, but it had not asked for that. ${expected}`,
  );
  expect(saidOf([ASKED, ['n1', 'n0', ANSWER]])).toBe(
    `n1 sent n0 the answer \`echo_ok\` with \`in_reply_to\` 1, but n0 had not asked for that. ${expected}`,
  );
});

it('names the answer to a request of the set-up, after which there were no operations', () => {
  const answers = new MisdirectedAnswers(() => 'node');
  const body = Buffer.from('{"type":"topology_ok","in_reply_to":1}');
  answers.sent({ id: 0, src: 'n1', dest: 'n1', body });
  expect(answers.sentence()).toMatch(/^n1 sent itself the answer `topology_ok`/);
});

it('says nothing of answers between nodes that had asked, nor if clients got answers', () => {
  expect(saidOf([['n0', 'n1', { type: 'echo', msg_id: 1 }], ['n1', 'n0', ANSWER]])).toBeUndefined(); // prettier-ignore
  expect(saidOf([['n1', 'n0', ANSWER]], 'ok')).toBeUndefined();
  expect(saidOf([['n1', 'n0', { type: 'echo_ok' }]])).toBeUndefined();
  expect(saidOf([['n1', 'c1', ANSWER]])).toBeUndefined();
});
