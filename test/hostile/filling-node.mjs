/** A node that fills the memory in a single turn: `filling-node.mjs WHAT WHEN NODE`. */
import { createInterface } from 'node:readline';

const [what, when, filler] = process.argv.slice(2);
const kept = [];
const fillers = {
  buffers: () => kept.push(Buffer.alloc(1e7, 1)),
  // Larger than what V8 has left when the heap of these tests is full.
  'large strings': () => kept.push(JSON.stringify('x'.repeat(2 ** 26) + kept.length)),
  // V8's own calls, which cannot be interrupted. The first one's array alone is larger than the heap of these tests.
  // oxlint-disable-next-line unicorn/no-new-array -- an array with holes is what `fill` takes long for
  fill: () => kept.push(new Array(3e7).fill(1.1)),
  split: () => kept.push('x,'.repeat(3e7).split(',')),
  objects: () => kept.push({ kept: kept.length }),
  recursion: () => {
    const deeper = (depth) => {
      kept.push(Array.from({ length: 1e5 }, () => depth + 0.5));
      deeper(depth + 1);
    };
    try {
      deeper(0);
    } catch {
      // The stack is full; the heap still has room.
    }
  },
};
const fill = () => {
  for (;;) fillers[what]();
};

/** Takes longer than a turn may take unwatched. */
const compute = () => {
  for (let count = 0; count < 1e9; count++);
};

if (when === 'load') fill();
let requests = 0;
createInterface({ input: process.stdin }).on('line', (line) => {
  const { src, dest, body } = JSON.parse(line);
  if (dest === filler) {
    if (body.type === 'init' && when === 'init') fill();
    if (body.type === 'init' && when === 'timer') setTimeout(fill, 300);
    if (body.type === 'echo' && when === 'request' && ++requests === 3) fill();
    if (body.type === 'echo' && when === 'never' && ++requests === 3) compute();
  }
  const reply = { type: `${body.type}_ok`, in_reply_to: body.msg_id };
  if (body.echo !== undefined) reply.echo = body.echo;
  console.log(JSON.stringify({ src: dest, dest: src, body: reply }));
});
