#!/usr/bin/env node
/**
 * Unique ids in plain JavaScript, without the SDK and without any import.
 *
 * Shows what the SDK does for you: splitting stdin into lines (a chunk may end in the middle of one), answering `init`,
 * and saying with `in_reply_to` which request a reply belongs to. It also runs in the simulator.
 */
let nodeId = '';
let made = 0;
const startedAt = Date.now();

const answers = {
  init(body) {
    nodeId = body.node_id;
    return { type: 'init_ok' };
  },
  // The node's name, because no two nodes share it; the time, because a restarted node counts from 0 again.
  generate: () => ({ type: 'generate_ok', id: `${nodeId}-${startedAt}-${made++}` }),
};

function handle(line) {
  const { src, body } = JSON.parse(line);
  const answer = answers[body.type]?.(body) ?? {
    type: 'error',
    code: 10,
    text: `${body.type} is not supported`,
  };
  const message = { src: nodeId, dest: src, body: { ...answer, in_reply_to: body.msg_id } };
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

let unfinished = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (chunk) => {
  const lines = (unfinished + chunk).split('\n');
  unfinished = lines.pop();
  lines.forEach(handle);
});
