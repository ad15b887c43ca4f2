#!/usr/bin/env node
// Keeps its output until its stdin ends, as languages with a buffer do.
const output = [];
require('node:readline')
  .createInterface({ input: process.stdin })
  .on('line', (line) => {
    const { src, dest, body } = JSON.parse(line);
    const answer = { type: `${body.type}_ok`, in_reply_to: body.msg_id };
    output.push(JSON.stringify({ src: dest, dest: src, body: answer }));
  })
  .on('close', () => console.log(output.join('\n')));
