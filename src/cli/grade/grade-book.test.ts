import { refusedRun } from '../reporters/reported-run.ts';
import { expect, it } from 'vitest';
import type { Grade } from '../grading/grade-program.ts';
import { gradeRows, gradesCsv, gradesPage, type Entry } from './grade-book.ts';

const ASSIGNMENT = {
  name: '3d',
  title: 'fast',
  tests: ['-w broadcast'],
  limits: { medianMs: 400 },
  points: 2,
};

function gradeOf(passes: boolean, sentence: string, isUngraded = false): Grade {
  const run = {
    test: '-w broadcast',
    seed: 's',
    passes,
    isUngraded,
    validity: passes,
    sentence,
    figures: { medianMs: 5 },
    beyond: [],
    remarks: [],
    folder: '/out/ann/broadcast/1',
    command: 'maelstrom test -w broadcast',
    reported: refusedRun('ann', sentence),
  };
  return { assignment: ASSIGNMENT, passes, runs: [run], figures: { medianMs: 5 } };
}
const entry = (name: string, grade: Grade | undefined): Entry => ({ name, assignment: ASSIGNMENT, grade });

it('a row has each verdict and the points', () => {
  const entries = [
    entry('ann', gradeOf(true, '')),
    entry('bob', gradeOf(false, 'no')),
    entry('cy', undefined),
    entry('di', gradeOf(false, 'the checker threw', true)),
  ];
  expect(gradeRows(['ann', 'bob', 'cy', 'di'], [ASSIGNMENT], entries)).toEqual([
    ['', '3d', 'points'],
    ['ann', 'passes', '2 of 2'],
    ['bob', 'FAILS', '0 of 2'],
    ['cy', 'missing', '0 of 2'],
    ['di', 'no verdict', '0 of 2'],
  ]);
});

it('text from nodes is plain text in CSV: no formula, no line of its own', () => {
  const csv = gradesCsv([entry('ann', gradeOf(false, '=HYPERLINK("http://x"),\n1'))]);
  expect(csv).toContain(`,"'=HYPERLINK(""http://x""), 1",`);
  expect(csv.split('\r\n')).toHaveLength(3);
});

it('text from nodes is plain text in the page', () => {
  const entries = [entry('<b>', gradeOf(false, '<script>alert(1)</script>'))];
  const page = gradesPage(gradeRows(['<b>'], [ASSIGNMENT], entries), entries, '/out');
  expect(page).toContain('&lt;script&gt;alert(1)');
  expect(page).not.toMatch(/<script|<b>/);
  expect(page).toContain('href="ann/broadcast/1/report.html"');
});

it('the page links to reports in folders of any name', () => {
  const { runs, ...grade } = gradeOf(false, 'no');
  const entries = [
    entry('x', { ...grade, runs: runs.map((run) => ({ ...run, folder: '/out/a#1? 50%/broadcast/1' })) }),
  ];
  expect(gradesPage(gradeRows(['x'], [ASSIGNMENT], entries), entries, '/out')).toContain(
    'href="a%231%3F%2050%25/broadcast/1/report.html"',
  );
});

it('the reason why nothing could be graded is in CSV and page', () => {
  const missing = 'x.ts is not there; the folder holds <b>.';
  const entries = [{ ...entry('cy', undefined), missing }];
  expect(gradesCsv(entries)).toContain(`cy,3d,missing,0,,,,,,${missing},,\r\n`);
  expect(gradesPage(gradeRows(['cy'], [ASSIGNMENT], entries), entries, '/out')).toContain(
    '<h3>cy: 3d fast</h3>\n<p>x.ts is not there; the folder holds &lt;b&gt;.</p>',
  );
});
