import { createInterface } from 'node:readline';

let id = '';

function reply(request, body) {
  const message = { src: id, dest: request.src, body: { ...body, in_reply_to: request.body.msg_id } };
  console.log(JSON.stringify(message));
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const request = JSON.parse(line);
  const { type, node_id, echo } = request.body;
  if (type === 'init') {
    id = node_id;
    reply(request, { type: 'init_ok' });
  } else if (type === 'echo') {
    reply(request, { type: 'echo_ok', echo });
  }
});
