import { type Json, Node } from 'maelstrom/node';

const node = new Node();
let last: Json;

node.on('echo', async (body) => {
  last = body.echo;
  await node.sleep(20); // some work that takes a while
  return { echo: last };
});
