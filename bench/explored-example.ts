/** Runs `maelstrom explore` on a broken program: what it finds, and after how many executions. */
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HuntedExample } from '../test/support/hunted-examples.ts';
import type { Found } from './find-table.ts';

const command = fileURLToPath(new URL('../../maelstrom', import.meta.url));

export function exploredExample(
  { workload, program, also, settings }: HuntedExample,
  examples: string,
): Omit<Found, 'program'> {
  const words = ['explore', '-w', workload, '--bin', `${examples}/${program}`, '--time', '120s'];
  if (settings?.nodes?.length === 1) words.push('--nodes', '1');
  if (also?.includes('kill') === true) words.push('--kinds', 'drop,duplicate,delay,crash');
  words.push('--out', join(tmpdir(), `explored-${process.pid}.json`));
  const { stdout, stderr } = spawnSync(command, words, { encoding: 'utf8', cwd: tmpdir() });
  const runs = Number((/\(?([\d,]+) executions/.exec(stdout)?.[1] ?? '0').replaceAll(',', ''));
  const kinds = /^Fails with \d+ deviations?: (.*) \(/m.exec(stdout)?.[1];
  if (runs === 0) console.error(`${program}: ${stdout}${stderr}`);
  return { hunt: 'explore', runs, signature: kinds?.split(', ') ?? [] };
}
