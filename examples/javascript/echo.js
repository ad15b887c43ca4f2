/**
 * Echo: every request is answered with what it said.
 *
 * Shows the smallest node there is. A handler gets the body of a request; what it returns is the body of the reply,
 * and the SDK fills in `type` (here `echo_ok`) and `in_reply_to`. It answers `init` by itself.
 */
import { Node } from 'maelstrom/node';

const node = new Node();

node.on('echo', (body) => ({ echo: body.echo }));
