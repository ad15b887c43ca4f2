/**
 * Rebuilds whenever a source changes: `npm run dev`, for use with `./maelstrom serve` or with a repeated test. Prints the
 * output of each build; a failed one leaves the last good program in dist/.
 */
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Editors write a file in several steps. */
const QUIET_MS = 150;

const root = fileURLToPath(new URL('..', import.meta.url));
let timer;
let building = false;
let again = false;

function changed(name) {
  if (name?.endsWith('.test.ts')) return;
  clearTimeout(timer);
  timer = setTimeout(build, QUIET_MS);
}

function build() {
  if (building) {
    again = true;
    return;
  }
  building = true;
  const child = spawn('sh', ['scripts/prepare.sh'], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  child.on('close', (code) => {
    building = false;
    console.log(
      code === 0 ? 'built; waiting for changes in src and viewer (Ctrl-C ends)' : 'the build failed',
    );
    if (!again) return;
    again = false;
    build();
  });
}

for (const folder of ['src', 'viewer'])
  watch(join(root, folder), { recursive: true }, (_, name) => changed(name));
build();
