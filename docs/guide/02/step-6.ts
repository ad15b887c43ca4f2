import { Node } from 'maelstrom/node';

const node = new Node();
let requests = 0;

node.on('echo', async (body) => {
  requests += 1;
  if (requests % 10 === 0) await node.sleep(6000);
  return { echo: body.echo };
});
