/**
 * Whether a node is a shell script that starts something in the background: a shell gives such a command no stdin, so
 * a program that reads its messages there reaches the end of them at once.
 *
 *     #!/bin/sh
 *     python3 node.py &        reads /dev/null
 *     wait
 */
import { readFileSync, statSync } from 'node:fs';
import { readShebang } from '../../bundling/shebang.ts';

const SHELL = /^(?:ba|da|z|k|a)?sh$/;
/** A line whose command ends in `&`, without a stdin of its own. */
const BACKGROUND = /^(?!\s*#)[^<\n]*[^&<>|\s]\s*&[ \t]*\r?$/m;
/** Longer scripts are not read. */
const MOST_BYTES = 64 * 1024;

export function startsInBackground(path: string): boolean {
  const shebang = readShebang(path);
  if (shebang === undefined || !SHELL.test(shebang.name)) return false;
  try {
    return statSync(path).size <= MOST_BYTES && BACKGROUND.test(readFileSync(path, 'utf8'));
  } catch {
    return false;
  }
}
