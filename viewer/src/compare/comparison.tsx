/** What differs between two runs, in words: their options, their figures, and the first event at which they part. */
import { useEffect, useState } from 'preact/hooks';
import type { ComparedLine, Divergence, RunComparison } from '../../../src/recording/views.ts';
import { get } from '../source/get-json.ts';
import { momentText } from '../time-text.ts';
import { visible } from '../visible-text.ts';

const SIDES = ['First run', 'Second run'] as const;

interface ComparisonProps {
  readonly ids: readonly [string, string];
  /** Shows both runs where they part. */
  readonly onShow: (divergence: Divergence) => void;
}

export function Comparison({ ids, onShow }: ComparisonProps) {
  const [found, setFound] = useState<RunComparison | undefined>(undefined);
  const [problem, setProblem] = useState('');
  const [a, b] = ids;
  useEffect(() => {
    get<RunComparison>(`/api/compare?${new URLSearchParams({ a, b })}`).then(setFound, (error: Error) =>
      setProblem(error.message),
    );
  }, [a, b]);
  if (problem !== '') return <p class="nothing">{visible(problem)}</p>;
  if (found === undefined) return <p class="faint">Comparing…</p>;
  const { options, figures, divergence, note } = found;
  return (
    <div class="comparison">
      <section aria-label="Where they part">
        <h2>Where they part</h2>
        {divergence === undefined ? null : (
          <>
            <p>
              The first {divergence.kind} that differs, at {momentText(divergence.timeNanos)}:{' '}
              <button type="button" onClick={() => onShow(divergence)}>
                Show it in both
              </button>
            </p>
            <dl>
              {divergence.sides.map(({ text }, side) => (
                <div key={side}>
                  <dt>{SIDES[side]}</dt>
                  <dd class="mono">{visible(text)}</dd>
                </div>
              ))}
            </dl>
          </>
        )}
        <p class="faint">{note}</p>
      </section>
      <Lines label="Options that differ" lines={options} none="They were asked for with the same options." />
      <Lines label="Figures" lines={figures} none="There are no results yet." />
    </div>
  );
}

interface LinesProps {
  readonly label: string;
  readonly lines: readonly ComparedLine[];
  readonly none: string;
}

function Lines({ label, lines, none }: LinesProps) {
  return (
    <section aria-label={label}>
      <h2>{label}</h2>
      {lines.length === 0 ? (
        <p class="faint">{none}</p>
      ) : (
        <div class="scroll-x">
          <table class="compared" aria-label={label}>
            <thead>
              <tr>
                <th scope="col">
                  <span class="hidden">What</span>
                </th>
                {SIDES.map((side) => (
                  <th key={side} scope="col">
                    {side}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {lines.map(({ name, values }) => (
                <tr key={name} class={values[0] === values[1] ? '' : 'differs'}>
                  <th scope="row">{visible(name)}</th>
                  {values.map((value, side) => (
                    <td key={side} data-label={SIDES[side]}>
                      {value === '' ? '–' : visible(value)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
