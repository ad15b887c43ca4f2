#!/usr/bin/env node
// An echo node that finds the folder of its run (above its own data folder) and plants things in it: pipes, links and folders
// in place of files that are still to be written, or appended to. The first argument says what; the second is a folder outside
// the run, which the links point to.
import { execFileSync } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

const [what, outside] = process.argv.slice(2);
const run = dirname(dirname(process.env.MAELSTROM_DATA_DIR));

const FILES = [
  'results.json',
  'results.edn',
  'report.html',
  'timeline.html',
  'messages.svg',
  'rate.svg',
  'running.json',
  'net-journal/states.jsonl',
  'node-logs/n0.log',
  'node-logs/n0.log.times',
  'node-logs/n1.log',
];

const PLANT = {
  pipes: (path) => execFileSync('mkfifo', [path]),
  links: (path) => symlinkSync(join(outside, 'precious'), path),
  'hard-links': (path) => linkSync(join(outside, 'precious'), path),
  folders: (path) => mkdirSync(path),
};

/** Plants once a run. Returns when all is planted: what is written before something takes its place is lost. */
function plantOnce() {
  const done = join(run, 'planted', 'all');
  try {
    mkdirSync(join(run, 'planted'));
  } catch {
    // The other node, or an earlier life, does it.
    const shared = new Int32Array(new SharedArrayBuffer(4));
    while (!existsSync(done)) Atomics.wait(shared, 0, 0, 5);
    return;
  }
  plant();
  mkdirSync(done);
}

function plant() {
  if (what === 'folder-links') {
    for (const name of ['elle', 'evidence', 'independent']) symlinkSync(outside, join(run, name));
    renameSync(join(run, 'node-logs'), join(run, 'moved-logs'));
    symlinkSync(outside, join(run, 'node-logs'));
    return;
  }
  for (const name of FILES) {
    rmSync(join(run, name), { force: true, recursive: true });
    PLANT[what](join(run, name));
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { src, dest, body } = JSON.parse(line);
  if (body.type === 'init') plantOnce();
  console.error(body.type);
  console.error(JSON.stringify({ maelstrom: 'state', answered: body.msg_id }));
  const reply =
    body.type === 'init'
      ? { type: 'init_ok', in_reply_to: body.msg_id }
      : { type: 'echo_ok', in_reply_to: body.msg_id, echo: what === 'folder-links' ? 'wrong' : body.echo };
  console.log(JSON.stringify({ src: dest, dest: src, body: reply }));
}
