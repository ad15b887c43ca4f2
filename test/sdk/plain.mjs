#!/usr/bin/env node
// An echo node without the SDK: what it prints with console.log goes to stdout, as always in Node.
import { createInterface } from 'node:readline';

createInterface({ input: process.stdin }).on('line', (line) => {
  const { src, dest, body } = JSON.parse(line);
  const fields = body.type === 'init' ? { type: 'init_ok' } : { type: 'echo_ok', echo: body.echo };
  console.log(JSON.stringify({ src: dest, dest: src, body: { ...fields, in_reply_to: body.msg_id } }));
  console.count('count');
});
