/** Each example of the glossary has the anomaly it is named after, and a picture of it. */
import { describe, expect, it } from 'vitest';
import { GLOSSARY } from '../../checkers/glossary/glossary.ts';
import { judgeExample } from './judge-example.ts';

describe.each(GLOSSARY)('$title', ({ entries }) => {
  it.each(entries.filter(({ example }) => example !== undefined))(
    '$name has that anomaly and no other',
    ({ name, example }) => {
      if (example === undefined) throw new Error('filtered above');
      const { found, picture } = judgeExample(name, example);
      expect(found.toSorted()).toEqual([name, ...(example.also ?? [])].toSorted());
      expect(picture.body).not.toMatch(/NaN|undefined/);
      expect(picture.body.length).toBeGreaterThan(300);
    },
  );
});
