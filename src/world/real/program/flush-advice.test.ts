import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { adviceForExecutable, flushAdvice } from './flush-advice.ts';

const root = mkdtempSync(join(tmpdir(), 'flush-advice-'));
afterAll(() => rmSync(root, { recursive: true }));

it.each([
  ['/usr/bin/python3.11', 'in Python by'],
  ['/usr/bin/perl', 'in Perl by $| = 1'],
  ['/usr/bin/lua5.4', 'in Lua by io.flush()'],
  ['/usr/bin/luajit', 'in Lua by io.flush()'],
  ['/usr/lib/jvm/java-17/bin/java', 'on the JVM by System.out.flush()'],
  ['/usr/bin/mono-sgen', 'in .NET by AutoFlush'],
  ['/usr/bin/mawk', 'in awk by fflush()'],
  ['/usr/bin/jq', 'jq --unbuffered'],
])('%s: %s', (file, advice) => {
  expect(adviceForExecutable(file)).toContain(advice);
});

it.each([
  ['GHCRTS', 'in Haskell by hSetBuffering stdout LineBuffering'],
  ['CAMLRUNPARAM', 'in OCaml by print_endline'],
  ['libswiftCore.so', 'in Swift by setvbuf(stdout, nil, _IOLBF, 0)'],
  ['_d_run_main', 'in D by stdout.flush()'],
  ['__zig_probe_stack', 'in Zig by flush()'],
  ['_gfortran_st_write', 'in Fortran by flush(output_unit)'],
])('a compiled program that contains %s: %s', (mark, advice) => {
  const file = join(root, mark);
  writeFileSync(file, `\x7fELF\0${mark}\0`);
  expect(adviceForExecutable(file)).toContain(advice);
});

it('a script whose process cannot be asked is judged by its #! line', () => {
  const file = join(root, 'script');
  writeFileSync(file, '#!/usr/bin/env perl\n');
  expect(flushAdvice(file, undefined)).toBe('in Perl by $| = 1 at the beginning');
});

it.each(['node', 'deno', 'beam.smp', 'R', 'bash', 'sh', 'zsh'])(
  'nothing is said of %s, which writes at once, whatever it is compiled from',
  (name) => {
    const file = join(root, name);
    writeFileSync(file, '\x7fELF\0_ZNSt\0_gfortran_\0');
    expect(adviceForExecutable(file)).toBeUndefined();
  },
);

it('nothing is said of an unknown language', () => {
  const file = join(root, 'unknown');
  writeFileSync(file, '\x7fELF\0');
  expect(adviceForExecutable(file)).toBeUndefined();
  expect(adviceForExecutable(join(root, 'missing'))).toBeUndefined();
});
