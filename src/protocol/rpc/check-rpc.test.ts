import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkErrorReply, checkReply, unknownReplyFields } from './check-rpc.ts';
import { asZodObject, compileSchema } from './compile-schema.ts';
import { parseJson, type JsonObject } from '../json.ts';
import type { RpcDefinition } from './rpc.ts';
import { broadcastRpcs, readMessagesRpc, topologyRpc } from '../rpcs/broadcast.ts';
import { gCounterRpcs, pnCounterRpcs, readCounterRpc } from '../rpcs/counter.ts';
import { echoRpc } from '../rpcs/echo.ts';
import { gSetRpcs } from '../rpcs/g-set.ts';
import { initRpc } from '../rpcs/init.ts';
import { kafkaRpcs, pollRpc } from '../rpcs/kafka.ts';
import { kvReadRpc, kvServiceCasRpc, kvServiceRpcs, linKvRpcs } from '../rpcs/kv.ts';
import { tsRpc } from '../rpcs/tso.ts';
import { listAppendTxnRpc } from '../rpcs/txn-list-append.ts';
import { rwRegisterTxnRpc } from '../rpcs/txn-rw-register.ts';
import { generateRpc } from '../rpcs/unique-ids.ts';

const ALL: readonly RpcDefinition[] = [
  [initRpc, echoRpc, generateRpc, tsRpc, listAppendTxnRpc, rwRegisterTxnRpc],
  [broadcastRpcs, gSetRpcs, gCounterRpcs, pnCounterRpcs, kafkaRpcs, linKvRpcs, kvServiceRpcs].flat(),
].flat();

const body = (text: string) => parseJson(text) as JsonObject; // the tests give objects

const checkFields = ({ request }: RpcDefinition, fields: object) =>
  compileSchema(asZodObject(request))(fields as JsonObject); // fast-check makes JSON values

describe('checkReply', () => {
  it.each<[RpcDefinition, string, string | undefined]>([
    [echoRpc, '{"type":"echo_ok","in_reply_to":1,"echo":null}', undefined],
    [
      echoRpc,
      '{"type":"echo_ok","in_reply_to":1}',
      '`echo` is missing; expected any value (some languages leave out a field without a value: undefined in JavaScript, nil in Lua and Swift, NULL in R, null with Gson; `omitempty` in Go and WhenWritingDefault in .NET leave out one that is 0 or empty)',
    ],
    // A whole message, or its body, in place of its fields.
    [
      echoRpc,
      '{"src":"n1","dest":"c1","body":{"type":"echo_ok","echo":1},"type":"echo_ok","in_reply_to":1}',
      '`echo` is missing; expected any value (it stands within `body`: the fields of an answer are those of its body itself, and a handler of the SDK returns nothing else)',
    ],
    [echoRpc, '{"type":"echo","in_reply_to":1,"echo":1}', '`type` is "echo"; expected "echo_ok"'],
    [echoRpc, '{"in_reply_to":1,"echo":1}', '`type` is missing; expected "echo_ok"'],
    [
      echoRpc,
      '{"type":"echo_ok","in_reply_to":"1","echo":1}',
      '`in_reply_to` is "1"; expected an integer, the `msg_id` of the request (it is a string: leave out the quotes)',
    ],
    [
      echoRpc,
      '{"type":"echo_ok","in_reply_to":1,"msg_id":1.5,"echo":1}',
      '`msg_id` is 1.5; expected an integer',
    ],
    [readMessagesRpc, '{"type":"read_ok","messages":[1,"a",null]}', undefined],
    [readMessagesRpc, '{"type":"read_ok","messages":"oops"}', '`messages` is "oops"; expected an array'],
    [
      readMessagesRpc,
      '{"type":"read_ok","messages":{"0":1}}',
      '`messages` is {"0":1}; expected an array (PHP and Lua write a list as a map if its keys have gaps or do not begin at the first: in PHP, array_values() numbers them anew)',
    ],
    [
      readMessagesRpc,
      '{"type":"read_ok","value":[1]}',
      '`messages` is missing; expected an array (it has `value`: is that meant to be `messages`?)',
    ],
    [
      readMessagesRpc,
      '{"type":"read_ok","mesages":[1],"extra":2}',
      '`messages` is missing; expected an array (it has `mesages`: is that meant to be `messages`?)',
    ],
    [readMessagesRpc, '{"type":"read_ok","a":[1],"b":2}', '`messages` is missing; expected an array'],
    [
      readMessagesRpc,
      '{"type":"read_ok","messages":{}}',
      '`messages` is {}; expected an array ({} is what JavaScript writes for a Promise, as where an await is missing, for a Set and for a Map; Lua and R write it for an empty list)',
    ],
    [readCounterRpc, '{"type":"read_ok","value":9007199254740993}', undefined],
    [
      readMessagesRpc,
      '{"type":"read_ok","messages":"[1]"}',
      '`messages` is "[1]"; expected an array (it is JSON within a string: put the value itself into the message, which is encoded as a whole)',
    ],
    [
      readCounterRpc,
      '{"type":"read_ok","value":1.0}',
      '`value` is 1.0; expected an integer (it is a float, which is a different value: print it without a fraction and without an exponent)',
    ],
    [readCounterRpc, '{"type":"read_ok","value":1.5}', '`value` is 1.5; expected an integer'],
    [
      readCounterRpc,
      '{"type":"read_ok","value":"7"}',
      '`value` is "7"; expected an integer (it is a string: leave out the quotes)',
    ],
    [readCounterRpc, '{"type":"read_ok","value":"x"}', '`value` is "x"; expected an integer'],
    [
      readCounterRpc,
      '{"type":"read_ok","value":"[object Promise]4"}',
      '`value` is "[object Promise]4"; expected an integer (JavaScript makes such a text of a Promise: an await is missing)',
    ],
    [
      readCounterRpc,
      '{"type":"read_ok","value":"0[object Object]"}',
      '`value` is "0[object Object]"; expected an integer (JavaScript makes such a text of an object that is added to a text or a number)',
    ],
    [
      readCounterRpc,
      '{"type":"read_ok","value":"<coroutine object total at 0x7f12>"}',
      '`value` is "<coroutine object total at 0x7f12>"; expected an integer (Python makes such a text of a coroutine: an await is missing)',
    ],
    [
      pollRpc,
      '{"type":"poll_ok","msgs":[]}',
      '`msgs` is []; expected an object, each value an array, each element a pair [offset, message] ([] is what PHP and Lua write for an empty map; in PHP, cast it to (object))',
    ],
    [
      readCounterRpc,
      '{"type":"read_ok","value":null}',
      '`value` is null; expected an integer (null is what JavaScript writes for NaN, and other languages for a value that was never set)',
    ],
    [
      pollRpc,
      '{"type":"poll_ok","msgs":{"a":[[1,9],[12345678901234567890,null]],"__proto__":[]}}',
      undefined,
    ],
    [
      pollRpc,
      '{"type":"poll_ok","msgs":{"a":[[1,9],["2",3]]}}',
      '`msgs["a"][1][0]` is "2"; expected an integer (it is a string: leave out the quotes)',
    ],
    [
      pollRpc,
      '{"type":"poll_ok","msgs":{"a":[1]}}',
      '`msgs["a"][0]` is 1; expected a pair [offset, message]',
    ],
    [listAppendTxnRpc, '{"type":"txn_ok","txn":[["r",1,[2]],["r",2,null],["append",1,3]]}', undefined],
    [listAppendTxnRpc, '{"type":"txn_ok","txn":[["r",1,2]]}', '`txn[0][2]` is 2; expected an array or null'],
    [
      listAppendTxnRpc,
      '{"type":"txn_ok","txn":[["w",1,2]]}',
      '`txn[0]` is ["w",1,2]; expected an array ["r", Any, [Any, ...] | null] or an array ["append", Any, Any]',
    ],
    [
      rwRegisterTxnRpc,
      '{"type":"txn_ok","txn":[["r",1]]}',
      '`txn[0]` is ["r",1]; expected an array ["r", Any, Any] or an array ["w", Any, Any]',
    ],
    [
      readMessagesRpc,
      '{"type":"read_ok","messages":5}',
      "`messages` is 5; expected an array (R's toJSON with auto_unbox writes a vector of length 1 so: I(elements) or as.list(elements) stays a list)",
    ],
    [
      readMessagesRpc,
      '{"type":"read_ok","messages":"#<Set: {1, 2}>"}',
      '`messages` is "#<Set: {1, 2}>"; expected an array (Ruby writes a Set so: to_a makes an array of it)',
    ],
    [
      readCounterRpc,
      '{"type":"read_ok","value":[7]}',
      "`value` is [7]; expected an integer (R's toJSON writes a vector of length 1 as a list: toJSON(message, auto_unbox = TRUE) does not, except where I() or as.list() asks for one)",
    ],
    [
      echoRpc,
      '{"type":[101,99],"echo":1}',
      '`type` is [101,99]; expected "echo_ok" (it is a list of character codes, which is what Erlang and Elixir write for a charlist: make it a binary, by list_to_binary or to_string)',
    ],
    [tsRpc, '{"type":"ts_ok","ts":true}', '`ts` is true; expected an integer'],
  ])('of %o: %s', (definition, reply, problem) => {
    expect(checkReply(definition, body(reply))).toBe(problem);
  });

  it('shortens what it shows and makes it safe to print', () => {
    const problem = checkReply(readMessagesRpc, {
      type: 'read_ok',
      messages: `\u001b[2J${'x'.repeat(10_000)}`,
    });
    expect(problem).toMatch(/^`messages` is "\\u001b\[2Jx+\.\.\. \(10011 characters\); expected an array$/);
  });

  it('agrees with the zod schema of every RPC', () => {
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.integer(),
      fc.bigInt(),
      fc.constantFrom(
        { a: [1] },
        { a: [[1, 2]] },
        [['r', 1, null]],
        [['append', 1, 2]],
        [['w', 1, 2]],
        [['r', 1, [1]]],
      ),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...ALL),
        fc.constantFrom('request' as const, 'response' as const),
        fc.array(value, { maxLength: 4 }),
        (definition, part, values) => {
          const names = Object.keys(asZodObject(definition[part]).shape);
          const fields = Object.fromEntries(
            values.flatMap((field, index) => [[names[index] ?? 'extra', field]]),
          );
          const problem =
            part === 'request'
              ? checkFields(definition, fields)
              : checkReply(definition, { ...fields, type: `${definition.type}_ok` });
          expect([problem, problem === undefined]).toEqual([
            problem,
            asZodObject(definition[part]).safeParse(fields).success,
          ]);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('the fields of a request', () => {
  it('accepts optional fields or their absence', () => {
    expect(
      checkFields(kvServiceCasRpc, body('{"type":"cas","key":1,"from":null,"to":2,"msg_id":1}')),
    ).toBeUndefined();
    expect(
      checkFields(kvServiceCasRpc, body('{"type":"cas","key":1,"from":1,"to":2,"create_if_not_exists":1}')),
    ).toEqual({ path: 'create_if_not_exists', seen: 1, expected: 'true or false' });
  });

  it('does not accept an inherited property as a field', () => {
    expect(checkFields(kvReadRpc, body('{"type":"read"}'))).toEqual({ path: 'key', expected: 'any value' });
    expect(
      checkFields(topologyRpc, body('{"type":"topology","topology":{"__proto__":["n1"]}}')),
    ).toBeUndefined();
    expect(checkFields(topologyRpc, body('{"type":"topology","topology":{"__proto__":[1]}}'))).toEqual({
      path: 'topology["__proto__"][0]',
      seen: 1,
      expected: 'a string',
    });
  });
});

describe('checkErrorReply', () => {
  it.each([
    ['{"type":"error","in_reply_to":1,"code":11,"text":"no leader"}', undefined],
    ['{"type":"error","in_reply_to":1,"code":1000}', undefined],
    [
      '{"type":"error","in_reply_to":1}',
      '`code` is missing; expected an integer, one of the error codes, such as 20 for key-does-not-exist or 22 for precondition-failed',
    ],
    [
      '{"type":"error","in_reply_to":1,"code":"precondition-failed"}',
      '`code` is "precondition-failed"; expected an integer, one of the error codes: 22 for precondition-failed',
    ],
    [
      '{"type":"error","in_reply_to":1,"code":"11"}',
      '`code` is "11"; expected an integer, one of the error codes: 11 for temporarily-unavailable (it is a string: leave out the quotes)',
    ],
    [
      '{"type":"error","in_reply_to":1,"code":11,"text":{}}',
      '`text` is {}; expected a string ({} is what JavaScript writes for an Error and Go for an error: send its message)',
    ],
  ])('%s', (reply, problem) => {
    expect(checkErrorReply(body(reply))).toBe(problem);
  });
});

describe('unknownReplyFields', () => {
  it('names the fields beyond the definition', () => {
    expect(
      unknownReplyFields(echoRpc, body('{"type":"echo_ok","echo":1,"in_reply_to":2,"msg_id":3}')),
    ).toEqual([]);
    expect(unknownReplyFields(echoRpc, body('{"type":"echo_ok","echo":1,"ech0":1,"__proto__":2}'))).toEqual([
      'ech0',
      '__proto__',
    ]);
  });
});
