/** What a program throws may be made to throw again when it is looked at. That ends its node, as any error does, and nothing else. */
import { expect, it } from 'vitest';
import { runSource } from '../../test/support/run-source.ts';

const HOSTILE: Readonly<Record<string, string>> = {
  'an error whose stack cannot be read': `Object.defineProperty(new Error('x'), 'stack', { get() { throw new Error('again') } })`,
  'an error whose message cannot be read': `Object.defineProperties(new Error('x'), { message: { get() { throw 5 } }, name: { get() { throw 6 } } })`,
  'a proxy that refuses everything': `new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 2 }, ownKeys() { throw 3 }, has() { throw 4 }, getOwnPropertyDescriptor() { throw 5 } })`,
  'an object without a constructor': `Object.create(null, { constructor: { get() { throw 7 } } })`,
  'an object that cannot show itself': `{ [Symbol.for('nodejs.util.inspect.custom')]() { throw 8 } }`,
};

const WAYS: Readonly<Record<string, string>> = {
  'thrown at the top': 'throw hostile();',
  'thrown in a timer': 'setTimeout(() => { throw hostile() }, 1);',
  'thrown in a tick': 'process.nextTick(() => { throw hostile() });',
  rejected: 'Promise.reject(hostile());',
  'rejected in an async function': 'setTimeout(async () => { throw hostile() }, 1);',
  'thrown by a listener of uncaughtException':
    "process.on('uncaughtException', () => { throw hostile() }); setTimeout(() => { throw 1 }, 1);",
  'thrown by a listener of exit': "process.on('exit', () => { throw hostile() }); process.exitCode = 1;",
};

for (const [what, made] of Object.entries(HOSTILE))
  it(`${what} ends its node with a code, however it is thrown`, async () => {
    for (const [way, statement] of Object.entries(WAYS)) {
      const source = `const hostile = () => (${made}); ${statement} setTimeout(() => process.exit(0), 500);`;
      const { exits } = await runSource({ source, file: 'program.mjs' });
      const code = /listener of uncaught/.test(way) ? 7 : /listener of exit/.test(way) ? 0 : 1;
      expect([way, exits.map((exit) => exit.code)]).toEqual([way, [code]]);
    }
  });
