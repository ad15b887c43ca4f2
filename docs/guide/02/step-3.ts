import { Node } from 'maelstrom/node';

const node = new Node();

node.on('echo', (body) => ({ echo: body.echo }));
