#!/usr/bin/env node
// An echo node that takes its time to initialise, and dies when a peer or client reaches it before it has answered. From
// its own init on it writes to all others, numbered, and dies when their numbers do not come in order.
import { createInterface } from 'node:readline';

let name;
let ready = false;
const newest = new Map();
const send = (dest, body) => process.stdout.write(`${JSON.stringify({ src: name, dest, body })}\n`);
const die = (why) => {
  process.stderr.write(`${why}\n`);
  process.exit(7);
};

function initialise({ src, body }) {
  name = body.node_id;
  let number = 0;
  const greet = () => {
    number += 1;
    for (const peer of body.node_ids) if (peer !== name) send(peer, { type: 'hello', number });
  };
  greet();
  setInterval(greet, 10);
  // The last node is the slowest: the others write to it all the while.
  setTimeout(
    () => {
      ready = true;
      send(src, { type: 'init_ok', in_reply_to: body.msg_id });
    },
    150 * body.node_ids.indexOf(name),
  );
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const message = JSON.parse(line);
  const { src, body } = message;
  if (body.type === 'init') return initialise(message);
  if (!ready) die(`${body.type} of ${src} came before init_ok`);
  if (body.type === 'echo') return send(src, { type: 'echo_ok', echo: body.echo, in_reply_to: body.msg_id });
  const before = newest.get(src) ?? 0;
  // A peer that was killed begins at 1 again.
  if (body.number !== 1 && body.number <= before) die(`${body.number} of ${src} came after ${before}`);
  newest.set(src, body.number);
});
