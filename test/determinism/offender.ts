/** A node that breaks the protocol, writes to its stderr, and crashes: what results and histories quote must not vary. */
import { createInterface } from 'node:readline';

let requests = 0;

createInterface({ input: process.stdin }).on('line', (line) => {
  const { src, dest, body } = JSON.parse(line) as {
    src: string;
    dest: string;
    body: { type: string; msg_id: number; echo?: unknown };
  };
  const type = `${body.type}_ok`;
  console.log(
    JSON.stringify({ src: dest, dest: src, body: { type, in_reply_to: body.msg_id, echo: body.echo } }),
  );
  requests++;
  if (requests === 3) console.log('no message');
  if (requests === 4) console.log(JSON.stringify({ src: 'stranger', dest: src, body: {} }));
  if (requests === 5) console.error('soon over', Math.random(), process.hrtime());
  if (requests > 9) throw new Error(`request ${requests} is too much for ${dest}`);
});
