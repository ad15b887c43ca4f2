import { expect, it } from 'vitest';
import { firstClause, SaidProblems } from './said-problems.ts';

it('a problem that several nodes share is reported in full once', () => {
  const said = new SaidProblems();
  const briefs: string[] = [];
  const crashed = (node: string, seconds: string, cause: string) => {
    const [line, brief] = said.lineOf({
      node,
      kind: 'crashed',
      message: `${node} ended by itself after ${seconds} s. The last lines of its stderr:\n  ${cause}\n${node}'s log: node-logs/${node}.log`,
    });
    briefs.push(brief);
    return line;
  };
  expect(crashed('n1', '1.6', 'no module x')).toContain('no module x');
  expect(crashed('n2', '1.7', 'no module x')).toBe('n2: the same as n1.');
  expect(crashed('n3', '0.2', 'port 80 is taken')).toContain('port 80 is taken');
  expect(crashed('n10', '0.2', 'port 81 is taken')).toBe('n10: the same as n3.');
  expect(briefs).toEqual(['n1 ended by itself after 1.6 s.', '', 'n3 ended by itself after 0.2 s.', '']);
});

it('the brief form ends with the first clause, but not within brackets or quotes', () => {
  expect(
    firstClause('n1 answered with error 10 (no handler; it handles "a. b"); expected topology_ok.'),
  ).toBe('n1 answered with error 10 (no handler; it handles "a. b").');
  expect(firstClause('Line 1 is not a message: "x; y" at offset 0. Expected: JSON.')).toBe(
    'Line 1 is not a message: "x; y" at offset 0.',
  );
  expect(firstClause('It ended:\nbecause')).toBe('It ended.');
  expect(firstClause('an open ( bracket; to the end.')).toBe('an open ( bracket; to the end.');
});
