import { expect, it } from 'vitest';
import { describeErrors, describeRpc } from './describe-rpc.ts';
import { kvServiceCasRpc } from '../rpcs/kv.ts';
import { pollRpc } from '../rpcs/kafka.ts';
import { listAppendTxnRpc } from '../rpcs/txn-list-append.ts';

it('an RPC is described by its text and the shapes of request and reply', () => {
  expect(describeRpc(kvServiceCasRpc)).toMatchInlineSnapshot(`
    "### RPC: \`cas\`

    Compare and set: if the value of \`key\` is \`from\`, atomically sets it to \`to\`. Error 20 if the key does not exist, 22 if it has a different value. With \`"create_if_not_exists": true\` a key that does not exist is created with the value \`to\`. Any value other than false and null counts as true.

    Request:

    \`\`\`
    {
      "type": "cas",
      "key": Any,
      "from": Any,
      "to": Any,
      "create_if_not_exists"?: Boolean,
      "msg_id": Integer
    }
    \`\`\`

    Reply:

    \`\`\`
    {
      "type": "cas_ok",
      "msg_id"?: Integer,
      "in_reply_to": Integer
    }
    \`\`\`

    "
  `);
});

it('shapes of nested fields are shown on one line', () => {
  expect(describeRpc(pollRpc)).toContain('  "msgs": {String: [[Integer, Any], ...], ...},\n');
  expect(describeRpc(listAppendTxnRpc)).toContain(
    '  "txn": [["r", Any, [Any, ...] | null] | ["append", Any, Any], ...],\n',
  );
});

it('the table of errors has a row for each code, with whether it is definite', () => {
  expect(describeErrors()).toContain('| 13 | `crash` | no |');
  expect(describeErrors()).toContain('| 22 | `precondition-failed` | yes |');
});
