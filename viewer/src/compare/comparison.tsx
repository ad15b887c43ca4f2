/**
 * The differences between two runs as text: their options, their figures, and the first event that differs. Compares again
 * while either run is still going.
 */
import { useEffect, useState } from 'preact/hooks';
import type { ComparedLine, Divergence, RunComparison } from '../../../src/recording/views.ts';
import { get } from '../source/get-json.ts';
import { momentText } from '../time-text.ts';
import { visible } from '../visible-text.ts';
import { Scrolling } from '../scrolling.tsx';

const SIDES = ['First run', 'Second run'] as const;
/** Minimum pause between requests. It grows with the time an answer takes, which is long for long runs. */
const PAUSE_MS = 2000;
const PAUSES_PER_ANSWER = 4;

interface ComparisonProps {
  readonly ids: readonly [string, string];
  /** Whether each run is still going; undefined until known. */
  readonly goOn: readonly [boolean | undefined, boolean | undefined];
  /** Shows both runs around their first difference. */
  readonly onShow: (divergence: Divergence) => void;
}

export function Comparison({ ids, goOn, onShow }: ComparisonProps) {
  const [found, setFound] = useState<RunComparison | undefined>(undefined);
  const [problem, setProblem] = useState('');
  const [a, b] = ids;
  const isGoing = goOn.includes(true);
  // Compares once more after the last run has ended, when its results are available.
  useEffect(() => {
    let isCurrent = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      const askedMs = performance.now();
      try {
        const answer = await get<RunComparison>(`/api/compare?${new URLSearchParams({ a, b })}`);
        if (!isCurrent) return;
        setFound(answer);
        setProblem('');
      } catch (error) {
        if (isCurrent) setProblem((error as Error).message);
      }
      const tookMs = performance.now() - askedMs;
      if (isCurrent && isGoing)
        timer = setTimeout(() => void ask(), Math.max(PAUSE_MS, PAUSES_PER_ANSWER * tookMs));
    };
    void ask();
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [a, b, isGoing]);
  if (found === undefined)
    return problem === '' ? <p class="faint">Comparing…</p> : <p class="nothing">{visible(problem)}</p>;
  const { options, figures, divergence, note } = found;
  return (
    <div class="comparison">
      {isGoing ? <p role="status">{goingOnText(goOn)}</p> : null}
      <section aria-label="Where they part">
        <h2>First difference</h2>
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
      <Lines label="Options that differ" lines={options} none="Both runs have the same options." />
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
        <Scrolling label={label}>
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
        </Scrolling>
      )}
    </section>
  );
}

const goingOnText = (goOn: ComparisonProps['goOn']): string =>
  goOn.every((one) => one === true)
    ? 'Both runs are still in progress: they are compared as far as recorded.'
    : `The ${goOn[0] === true ? 'first' : 'second'} run is still in progress: they are compared as far as recorded.`;
