import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { UserError } from '../../protocol/user-error.ts';
import { EXIT } from '../exit-code.ts';
import type { Session } from '../session.ts';
import { Console } from '../show/console.ts';
import { annotation, summaryMarkdown } from './github.ts';
import { junitXml } from './junit.ts';
import { refusedRun, type ReportedRun } from './reported-run.ts';
import { withReporters } from './reporters.ts';

const folder = mkdtempSync(join(tmpdir(), 'maelstrom-reporters-'));
afterAll(() => rmSync(folder, { recursive: true }));

const PASSED: ReportedRun = {
  ...refusedRun('echo', 'All is well.'),
  name: 'echo.ts, seed a',
  outcome: 'passed',
  valid: true,
  seconds: 1.25,
  program: 'echo.ts',
  seed: 'a',
  command: 'maelstrom test -w echo --seed a',
};
const FAILED: ReportedRun = {
  ...PASSED,
  outcome: 'failed',
  valid: false,
  sentence: 'One is lost.\nIt was 5.',
};
const HOSTILE =
  'a\u0000\u001b[2J\ufffe\ud800 ]]> </failure><x a="&">\n::set-output name=a::b\r\n%0A``` | <b>';

interface Ended {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

async function report(words: readonly string[], runs: readonly ReportedRun[], env = {}): Promise<Ended> {
  let [output, errors] = ['', ''];
  const session: Session = {
    console: new Console({ write: (text) => (output += text) }, {}),
    errors: new Console({ write: (text) => (errors += text) }, {}),
    stdin: () => {
      throw new Error('not read');
    },
    env,
    program: 'maelstrom',
  };
  const code = await withReporters(words, session, 3, async (reporters) => {
    for (const run of runs) reporters.add(run);
    reporters.session.console.line('for people');
    return EXIT.invalid;
  });
  return { code, output, errors };
}

describe('junit', () => {
  it('has a suite for each, a case for each run, and its errors', () => {
    const xml = junitXml([PASSED, FAILED, { ...PASSED, suite: 'other', outcome: 'stopped' }]);
    expect(xml).toContain('<testsuites name="maelstrom" tests="3" failures="1" errors="0" time="3.750">');
    expect(xml.match(/<testsuite /g)).toHaveLength(2);
    expect(xml).toContain(
      '<failure message="One is lost." type="invalid">One is lost.\nIt was 5.\nAgain: maelstrom test -w echo --seed a</failure>',
    );
    expect(xml).toContain('<skipped message="All is well."/>');
  });

  it('contains nothing that XML 1.0 forbids, whatever nodes print', () => {
    const xml = junitXml([{ ...FAILED, sentence: HOSTILE, name: HOSTILE, suite: HOSTILE }]);
    // oxlint-disable-next-line no-control-regex
    expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
    expect(xml).not.toMatch(/\p{Cs}/u);
    expect(xml.match(/<\/?failure/g)).toHaveLength(2);
    expect(xml).not.toContain(']]>');
    expect(xml).not.toContain('<x ');
  });
});

describe('github', () => {
  it('has an annotation of one line, at the program', () => {
    expect(annotation(FAILED, '.')).toBe(
      '::error file=echo.ts,title=echo%3A INVALID%2C seed a::One is lost.%0AIt was 5.%0AAgain: maelstrom test -w echo --seed a',
    );
    const hostile = annotation({ ...FAILED, sentence: HOSTILE, suite: HOSTILE }, '.');
    expect(hostile).not.toMatch(/[\r\n]/);
    expect(hostile).toContain('%250A');
  });

  it.each([
    ['echo.ts', '.', '::error file=echo.ts,'],
    ['./nodes/echo.ts', '.', '::error file=nodes/echo.ts,'],
    ['echo.ts', '..', `::error file=${basename(process.cwd())}/echo.ts,`],
    [resolve('echo.ts'), '.', '::error file=echo.ts,'],
    ['../echo.ts', '.', '::error title='],
    ['/tmp/x.ts', '.', '::error title='],
  ])('%s of a repository at %s is annotated by its path within that', (program, repository, start) => {
    expect(annotation({ ...FAILED, program }, resolve(repository))).toContain(start);
  });

  it('takes the paths of files from where GitHub does, whatever the working directory is', async () => {
    const { output } = await report([`github=${join(folder, 'sum.md')}`], [FAILED], {
      GITHUB_WORKSPACE: resolve('..'),
    });
    expect(output).toContain(`::error file=${basename(process.cwd())}/echo.ts,`);
  });

  it('has an error if nothing was proved, since that fails the job too, and a warning if it was stopped', () => {
    expect(annotation({ ...FAILED, outcome: 'unknown' }, '.')).toMatch(/^::error /);
    expect(annotation({ ...FAILED, outcome: 'stopped' }, '.')).toMatch(/^::warning /);
  });

  it('keeps printed lines from giving commands', async () => {
    const { output } = await report([`github=${join(folder, 'sum.md')}`], [FAILED]);
    const lines = output.trimEnd().split('\n');
    const token = lines[0]?.replace('::stop-commands::', '') ?? '';
    expect(token).toMatch(/^[0-9a-f]{32}$/);
    expect(lines).toEqual([
      `::stop-commands::${token}`,
      `::${token}::`,
      annotation(FAILED, '.'),
      `::stop-commands::${token}`,
      'for people',
      `::${token}::`,
    ]);
  });

  it('adds a summary to that of the job, without active markup', async () => {
    const summary = join(folder, 'job.md');
    writeFileSync(summary, 'before\n');
    await report(['github'], [PASSED, { ...FAILED, sentence: HOSTILE, name: HOSTILE }], {
      GITHUB_STEP_SUMMARY: summary,
    });
    const text = readFileSync(summary, 'utf8');
    expect(text).toMatch(/^before\n### Maelstrom: 1 passed, 1 failed, 1 not run \(2\.5 s\)/);
    const [table = '', code = ''] = text.split('````text');
    expect(table).not.toContain('<b>');
    expect(table).not.toContain('```');
    expect(code).toContain('</failure>');
    expect(summaryMarkdown([PASSED], 1)).toContain('| ✅ | echo&#58; echo.ts, seed a | valid |  | 1.3 |');
  });
});

describe('json', () => {
  it('has a line for each run and one for all, alone on standard output', async () => {
    const { output, errors, code } = await report(['json'], [PASSED, FAILED]);
    expect(code).toBe(EXIT.invalid);
    expect(errors).toBe('for people\n');
    const lines = output
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(lines).toMatchObject([
      { kind: 'run', version: 1, outcome: 'passed', valid: true, seconds: 1.25, seed: 'a' },
      { kind: 'run', outcome: 'failed' },
      { kind: 'summary', version: 1, asked: 3, runs: 2, passed: 1, failed: 1, seconds: 2.5, exitCode: 1 },
    ]);
  });
});

it('json escapes what a terminal would interpret', async () => {
  const sentence = `${HOSTILE}\u009b31m\u202e`;
  const { output } = await report(['json'], [{ ...FAILED, sentence }]);
  expect(output).toContain('\\u001b[2J');
  expect(output).toContain('\\u009b31m\\u202e');
  expect(JSON.parse(output.split('\n')[0] ?? '')).toMatchObject({ sentence });
});

describe('files', () => {
  it('are several, created with their folders, and also written if a run throws', async () => {
    const junit = join(folder, 'new/deep/j.xml');
    const json = join(folder, 'new/j.jsonl');
    const throwing = withReporters(
      [`junit=${junit},json=${json}`],
      { env: {} } as Session, // nothing is printed
      1,
      async ({ add }) => {
        add(PASSED);
        throw new UserError('The disk is full.');
      },
    );
    await expect(throwing).rejects.toThrow('The disk is full.');
    expect(readFileSync(junit, 'utf8')).toContain('<error message="The disk is full." type="unknown">');
    expect(readFileSync(json, 'utf8').trimEnd().split('\n')).toHaveLength(3);
  });

  it.each([
    ['jnit', 'there is no reporter "jnit". Did you mean junit?'],
    ['junit=', 'has no file name'],
    ['junit,json', 'would both write to standard output'],
    ['junit=~/x', 'the shell has not expanded the ~'],
    ['junit=/dev/null/x', 'cannot be written'],
  ])('%s is refused', async (words, message) => {
    await expect(report([words], [])).rejects.toThrow(message);
  });
});
