import { expect, it } from 'vitest';
import { withoutParticulars } from '../records/said-problems.ts';
import { givenLast, lastWords, otherRuntime, uncaughtRpc } from './last-words.ts';

it('shows the cause above the last lines, once, with tabs replaced by spaces', () => {
  const lastStderr = ['\tfrom node.rb:3', '\u001b[31mred'];
  const cause = ['node.rb:7: undefined method (NoMethodError)', '\tfrom node.rb:3'];
  expect(lastWords({ lastStderr, cause })).toMatchInlineSnapshot(`
    "The likely cause, from its stderr:
      node.rb:7: undefined method (NoMethodError)
          from node.rb:3
    The last lines of its stderr:
          from node.rb:3
      \\u001b[31mred"
  `);
  expect(lastWords({ lastStderr, cause: ['\tfrom node.rb:3'] })).not.toContain('cause');
  expect(lastWords({ lastStderr: [] })).toBe('It wrote nothing to its stderr.');
});

it('blank lines before the last words are left out', () => {
  expect(lastWords({ lastStderr: ['', ' ', 'Error: x'] })).toBe('The last lines of its stderr:\n  Error: x');
  expect(lastWords({ lastStderr: ['', ''] })).toBe('It wrote nothing to its stderr.');
});

it("the node's last message is on a line of its own, with advice if it is long", () => {
  const given = { src: 'c5', beginning: '{"type":"echo"}', bytes: 15, count: 1 };
  expect(givenLast(undefined)).toBe('');
  expect(givenLast(given)).toBe(`\nThe last message that it received: c5's {"type":"echo"}`);
  expect(givenLast({ ...given, bytes: 70_000, count: 2 })).toBe(
    '\nThe last message that it received (of 2 messages since it last printed a line): c5\'s {"type":"echo"} ' +
      "(70,000 bytes: some line readers are limited to 64 KiB, such as Go's bufio.Scanner without a larger Buffer)",
  );
});

it('equal reports of nodes are merged although numbers, addresses or the last message differ', () => {
  const said = (node: string, seconds: string, address: string, message: string): string =>
    withoutParticulars(
      `${node} ended after ${seconds} s: f(${address}?)\nThe last message that it received: ${message}`,
      node,
    );
  expect(said('n1', '0.0', '0xc0000a4168', 'a')).toBe(said('n2', '10', '0x4cb04f', 'b'));
});

it('a node that ended because a failed rpc was not awaited is pointed to its `await`', () => {
  const advice = /^A call of `rpc` .* is an `await` or a `catch` missing\? $/;
  expect(uncaughtRpc({ lastStderr: ['RpcError: error 20: key 0 has no value', '    at x'] })).toMatch(advice);
  expect(uncaughtRpc({ lastStderr: ['Node.js v20'], cause: ['RpcError: error 22: no'] })).toMatch(advice);
  expect(uncaughtRpc({ lastStderr: ['TypeError: x', 'it said RpcError: error 20'] })).toBe('');
});

it('a program for another runtime is recognised by what it lacks; the message says how to have that one run it', () => {
  const lastStderr = ['ReferenceError: Deno is not defined', '    at main.ts:2:38'];
  expect(otherRuntime({ lastStderr })).toContain('#!/usr/bin/env -S deno run,');
  expect(otherRuntime({ lastStderr: [], cause: ['ReferenceError: Bun is not defined'] })).toContain(
    '-S bun,',
  );
  expect(otherRuntime({ lastStderr, notSimulated: true })).toBe(
    'It is a program for Deno, which runs it outside the simulation if the file is executable and begins with #!/usr/bin/env -S deno run. ',
  );
  expect(otherRuntime({ lastStderr: ['ReferenceError: Done is not defined'] })).toBe('');
});
