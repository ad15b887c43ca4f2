#!/usr/bin/env node
// An echo node that misbehaves in the way given by its first argument; of several ways, separated by commas, n0 takes the
// first, n1 the second, and so on. It appends the ids of its processes to the file given by the second argument, so that a
// test can check that none is left.
import { spawn } from 'node:child_process';
import { appendFileSync, closeSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [ways, notes] = process.argv.slice(2);
let how = ways;
const note = (pid) => appendFileSync(notes, `${pid}\n`);
note(process.pid);

const MIB = 1024 * 1024;
const send = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
const reply = (request, body) =>
  send({ src: request.dest, dest: request.src, body: { ...body, in_reply_to: request.body.msg_id } });
const echo = (request) => reply(request, { type: 'echo_ok', echo: request.body.echo });

/** Writes `text` `times` times, as fast as the pipe takes it. */
function pour(stream, text, times) {
  let left = times;
  const more = () => {
    while (left-- > 0) if (!stream.write(text)) return void stream.once('drain', more);
  };
  more();
}

const atStart = {
  'exit-at-start': () => {
    console.error('cannot open the database');
    process.exit(3);
  },
  'ignores-sigterm': () => {
    process.on('SIGTERM', () => undefined);
    note(spawn('sh', ['-c', 'trap "" TERM HUP INT; while :; do sleep 1; done'], { stdio: 'ignore' }).pid);
  },
};
atStart[how]?.();

let requests = 0;
const onEcho = {
  'not-json': (request) => (process.stdout.write('got an echo\n'), echo(request)),
  'not-an-object': (request) => (process.stdout.write('[1, 2, 3]\n'), echo(request)),
  'no-src': (request) => (send({ dest: request.dest, body: { type: 'x' } }), echo(request)),
  'no-dest': (request) => (send({ src: request.dest, body: { type: 'x' } }), echo(request)),
  'no-body': (request) => (send({ src: request.dest, dest: request.dest }), echo(request)),
  'wrong-src': (request) =>
    send({
      src: 'n99',
      dest: request.src,
      body: { type: 'echo_ok', echo: request.body.echo, in_reply_to: request.body.msg_id },
    }),
  'unknown-dest': (request) => (send({ src: request.dest, dest: 'n99', body: { type: 'x' } }), echo(request)),
  'huge-line': (request) => {
    if (requests === 1) for (let i = 0; i < 64; i++) process.stdout.write('x'.repeat(MIB));
    if (requests === 1) process.stdout.write('\n');
    echo(request);
  },
  'endless-line': (request) => {
    if (requests === 1) pour(process.stdout, 'y'.repeat(MIB), 200);
    else echo(request);
  },
  'invalid-utf8': (request) => (
    process.stdout.write(Buffer.from('{"src":"n0","dest":"c1","body":{"type":"\xff\xfe"}}\n', 'latin1')),
    echo(request)
  ),
  'nul-bytes': (request) => (process.stdout.write('\0\0\0\n'), echo(request)),
  'huge-number': (request) =>
    process.stdout.write(
      `{"src":"${request.dest}","dest":"${request.src}","body":{"type":"echo_ok","echo":1e400,"in_reply_to":${request.body.msg_id}}}\n`,
    ),
  'long-number': (request) => {
    const digits = '9'.repeat(2000);
    const fields = [
      `"echo":${digits},"in_reply_to":$`,
      `"echo":1e${digits},"in_reply_to":$`,
      `"echo":1,"in_reply_to":${digits}`,
    ];
    const body = `{"type":"echo_ok",${fields[requests % 3].replace('$', request.body.msg_id)}}`;
    process.stdout.write(`{"src":"${request.dest}","dest":"${request.src}","body":${body}}\n`);
  },
  'byte-order-mark': (request) => (process.stdout.write('\ufeff'), echo(request)),
  'wrong-in-reply-to': (request) =>
    send({
      src: request.dest,
      dest: request.src,
      body: { type: 'echo_ok', echo: request.body.echo, in_reply_to: 4711 },
    }),
  'text-in-reply-to': (request) =>
    send({
      src: request.dest,
      dest: request.src,
      body: { type: 'echo_ok', echo: request.body.echo, in_reply_to: 'one' },
    }),
  'two-answers': (request) => (echo(request), reply(request, { type: 'echo_ok', echo: 'something else' })),
  'same-answer-twice': (request) => (echo(request), echo(request)),
  unsolicited: (request) => (
    send({ src: request.dest, dest: request.src, body: { type: 'hello' } }),
    echo(request)
  ),
  'extra-field': (request) =>
    send({
      src: request.dest,
      dest: request.src,
      type: 'echo_ok',
      body: { type: 'echo_ok', echo: request.body.echo, in_reply_to: request.body.msg_id },
    }),
  'field-missing': (request) => reply(request, { type: 'echo_ok' }),
  'exit-later': (request) => {
    if (requests < 5) return echo(request);
    console.error('panic: index out of range\n  at handler (main.rs:17)');
    process.exit(2);
  },
  'closed-stdout': (request) => {
    if (requests > 3) return;
    echo(request);
    if (requests === 3) setImmediate(() => closeSync(1));
  },
  flood: (request) => {
    if (requests === 1) pour(process.stdout, 'spam\n'.repeat(1000), 1000);
    echo(request);
  },
  'loud-stderr': (request) => {
    if (requests === 1) pour(process.stderr, 'log '.repeat(MIB / 4), 1024);
    echo(request);
  },
  'escape-sequences': (request) => (process.stdout.write('\x1b]0;owned\x07\x1b[2J<script>\n'), echo(request)),
};

createInterface({ input: process.stdin }).on('line', (line) => {
  const request = JSON.parse(line);
  if (request.body.type === 'init') {
    how = ways.split(',').at(Number(request.body.node_id.slice(1)));
    if (how === 'silent-init') return;
    const number = how === 'long-number-in-init' ? '8'.repeat(2000) : undefined;
    if (number === undefined) reply(request, { type: 'init_ok' });
    else {
      process.stdout.write(
        `{"src":"${request.dest}","dest":"${request.src}","body":{"type":"init_ok","msg_id":${number},"in_reply_to":1}}\n`,
      );
    }
    return;
  }
  if (request.body.type !== 'echo') return;
  requests++;
  (onEcho[how] ?? echo)(request);
});
