import { Node, RpcError } from 'maelstrom/node';

const node = new Node();
let busy = false;

node.on('echo', async (body) => {
  if (busy) throw RpcError.temporarilyUnavailable('one at a time, please');
  busy = true;
  await node.sleep(20); // some work that takes a while
  busy = false;
  return { echo: body.echo };
});
