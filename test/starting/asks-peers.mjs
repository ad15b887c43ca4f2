#!/usr/bin/env node
// An echo node that answers init only when a peer and a service have answered what it asked them in turn.
import { createInterface } from 'node:readline';

let name;
let init;
let missing = 2;
const send = (dest, body) => process.stdout.write(`${JSON.stringify({ src: name, dest, body })}\n`);

createInterface({ input: process.stdin }).on('line', (line) => {
  const { src, body } = JSON.parse(line);
  if (body.type === 'init') {
    name = body.node_id;
    init = { src, id: body.msg_id };
    const ids = body.node_ids;
    send(ids[(ids.indexOf(name) + 1) % ids.length], { type: 'where', msg_id: 1 });
    send('lin-kv', { type: 'read', key: 'x', msg_id: 2 });
  } else if (body.type === 'where') {
    send(src, { type: 'where_ok', in_reply_to: body.msg_id });
  } else if (body.type === 'echo') {
    send(src, { type: 'echo_ok', echo: body.echo, in_reply_to: body.msg_id });
  } else if (--missing === 0) {
    send(init.src, { type: 'init_ok', in_reply_to: init.id });
  }
});
