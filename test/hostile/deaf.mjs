#!/usr/bin/env node
/** n2 reads nothing after its `init`; n1 sends it more than its pipe holds. Both reply to what they read. */
import { createInterface } from 'node:readline';

const send = (src, dest, body) => console.log(JSON.stringify({ src, dest, body }));

createInterface({ input: process.stdin }).on('line', (line) => {
  const { src, dest, body } = JSON.parse(line);
  if (body.type === 'init') {
    if (dest === 'n2') process.stdin.pause();
    if (dest === 'n1') setInterval(() => send('n1', 'n2', { type: 'news', text: 'x'.repeat(4096) }), 10);
  }
  const answer = body.type === 'init' ? { type: 'init_ok' } : { type: 'echo_ok', echo: body.echo };
  send(dest, src, { ...answer, in_reply_to: body.msg_id });
});
// Keeps n2 alive, which has nothing to read.
setInterval(() => undefined, 1000);
