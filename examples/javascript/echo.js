/**
 * Echo: every reply repeats what its request said.
 *
 * Shows the smallest possible node. A handler gets the body of a request and returns the body of the reply; the SDK
 * fills in `type` (here `echo_ok`) and `in_reply_to`. It answers `init` by itself.
 */
import { Node } from 'maelstrom/node';

const node = new Node();

node.on('echo', (body) => ({ echo: body.echo }));
