/**
 * BROKEN on purpose. Echo that remembers its replies, in order to answer a repeated request the same way.
 *
 * The mistake: it recognises a repetition by the sender alone, not by sender and `msg_id`. A client's second request
 * gets the reply to its first.
 *
 * The checker says: an `echo_ok` whose `echo` differs from what was sent; `errors` lists each operation with its reply.
 * Any run shows it, once a client has sent two requests.
 */
import { type Json, Node } from 'maelstrom/node';

const node = new Node();
const answers = new Map<string, Json>();

node.on('echo', (body: { echo: Json }, { src }) => {
  const answer = answers.get(src) ?? body.echo;
  answers.set(src, answer);
  return { echo: answer };
});
