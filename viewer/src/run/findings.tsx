/** The findings of a run: for each, how it came about, step by step, and the drawing of its evidence. */
import { useSignal, type Signal } from '@preact/signals';
import type { FindingView, StoryView } from '../../../src/recording/finding-view.ts';
import type { StoryStep } from '../../../src/recording/story.ts';
import { beyondStory, verdictsOf } from '../../../src/recording/beyond-story.ts';
import { DrawnPicture, type Picked } from './drawn-picture.tsx';
import type { OpenRun } from '../source/open-run.ts';
import { lookAtDiagram, showOperation, showOperations, storyRange, stepRange } from './show-in-diagram.ts';
import { counted, momentText } from '../time-text.ts';
import { changeView, type ViewState } from '../view-state.ts';
import { visible } from '../visible-text.ts';

export interface FindingsProps {
  readonly run: OpenRun;
  readonly findings: readonly FindingView[];
  readonly view: Signal<ViewState>;
  /** Lines of the verdict that the page shows above the findings. */
  readonly above: readonly string[];
}

/** Maximum number of links to operations shown at once. */
const MOST_LINKS = 12;

export function Findings({ findings, ...shared }: FindingsProps) {
  const [first, ...others] = findings;
  if (first === undefined) return null;
  return (
    <section class="findings drawn" aria-labelledby="findings-heading">
      <h2 id="findings-heading" class={others.length === 0 ? 'hidden' : ''}>
        {counted(findings.length, 'finding')}
        {others.length === 0 ? '' : ' shown'}
      </h2>
      <article aria-label={visible(titleOf(first))}>
        <h3>{visible(titleOf(first))}</h3>
        <Finding {...shared} finding={first} />
      </article>
      {others.map((finding) => (
        <LaterFinding key={finding.title} {...shared} finding={finding} />
      ))}
    </section>
  );
}

interface FindingProps extends Omit<FindingsProps, 'findings'> {
  readonly finding: FindingView;
}

/** A collapsed finding, summarized by the end of its story; its drawings are loaded when it is opened. */
function LaterFinding(props: FindingProps) {
  const isOpen = useSignal(false);
  return (
    <details onToggle={(event) => (isOpen.value = event.currentTarget.open)}>
      <summary>
        {visible(titleOf(props.finding))}
        {isOpen.value
          ? null
          : verdictsOf(props.finding).map((text) => (
              <span key={text} class="faint ending">
                {visible(text)}
              </span>
            ))}
      </summary>
      {isOpen.value ? <Finding {...props} /> : null}
    </details>
  );
}

const titleOf = ({ title, story }: FindingView): string => story?.story.title ?? title;

function Finding({ run, finding, view, above }: FindingProps) {
  const { title, story, others = [] } = finding;
  /** 0 is the finding's own case, the simplest one, which the story is about. */
  const chosen = useSignal(0);
  const other = others[chosen.value - 1];
  const { operations, picture } = other ?? finding;
  const details = other?.text ?? beyondStory(finding, above);
  const linkTo = (operation: number): void => {
    lookAtDiagram();
    void showOperation(run, operation, view);
  };
  const pick = ({ message, operation }: Picked): void => {
    if (operation !== undefined) return linkTo(operation);
    if (message === undefined) return;
    lookAtDiagram();
    changeView(view, { selection: { kind: 'message', id: message }, tab: 'messages' });
  };
  const showAll = (): void => {
    lookAtDiagram();
    if (story === undefined || other !== undefined) void showOperations(run, operations, view);
    else
      changeView(view, {
        range: storyRange(story.story),
        shown: operations.slice(0, 40),
        selection: undefined,
        mark: '',
      });
  };
  return (
    <>
      {story === undefined ? null : <StoryWithPicture run={run} shown={story} view={view} />}
      <p class="tools">
        <button type="button" onClick={showAll}>
          Show in the diagram
        </button>
        <span class="faint">
          {operations.length === 0 ? '' : `${operations.length === 1 ? 'Operation' : 'Operations'} `}
          {operations.slice(0, MOST_LINKS).map((number, at) => (
            <span key={number}>
              {at === 0 ? '' : ', '}
              <button type="button" class="link" onClick={() => linkTo(number)}>
                {number}
              </button>
            </span>
          ))}
          {operations.length > MOST_LINKS ? ` and ${operations.length - MOST_LINKS} more` : ''}
        </span>
      </p>
      {others.length === 0 ? null : (
        <CaseChoice chosen={chosen} count={others.length + 1} hasStory={story !== undefined} />
      )}
      {picture === undefined ? null : (
        <DrawnPicture
          key={picture}
          run={run}
          file={picture}
          label={`Evidence: ${title}`}
          isPart
          onPick={pick}
        />
      )}
      {details === '' ? null : (
        <pre class="log" tabIndex={0} aria-label="Details">
          {visible(details)}
        </pre>
      )}
    </>
  );
}

interface CaseChoiceProps {
  /** The index of the case that is shown. */
  readonly chosen: Signal<number>;
  readonly count: number;
  /** Whether the first case has a story, which is shown above. */
  readonly hasStory: boolean;
}

/** Goes through the drawn cases of an anomaly. */
function CaseChoice({ chosen, count, hasStory }: CaseChoiceProps) {
  return (
    <p class="tools" role="group" aria-label="Cases of this anomaly">
      <button type="button" disabled={chosen.value === 0} onClick={() => chosen.value--}>
        Previous case
      </button>
      <span role="status">
        Case {chosen.value + 1} of {count} shown, the simplest first
        {hasStory && chosen.value > 0 ? '; the steps above are of case 1' : ''}
      </span>
      <button type="button" disabled={chosen.value === count - 1} onClick={() => chosen.value++}>
        Next case
      </button>
    </p>
  );
}

interface StoryProps {
  readonly run: OpenRun;
  readonly shown: StoryView;
  readonly view: Signal<ViewState>;
}

function StoryWithPicture({ run, shown: { story, picture }, view }: StoryProps) {
  const current = useSignal<number | undefined>(undefined);
  const show = (step: StoryStep, message?: number): void => {
    current.value = step.number;
    lookAtDiagram();
    const [operation] = step.operations;
    const id = message ?? (operation === undefined ? step.messages[0] : undefined);
    changeView(view, {
      range: stepRange(story, step),
      mark: '',
      shown: step.operations.slice(0, 40),
      selection:
        id !== undefined
          ? { kind: 'message', id }
          : operation === undefined
            ? undefined
            : { kind: 'operation', index: operation },
      tab: id !== undefined || operation === undefined ? 'messages' : 'operations',
    });
  };
  const pick = ({ step: number, message }: Picked): void => {
    const step = story.steps.find((one) => one.number === number);
    if (step !== undefined) show(step, message);
  };
  return (
    <div class="story">
      <ol class="steps" aria-label="How it happened">
        {story.steps.map((step) => (
          <li key={step.number} class={`step-${step.kind}`}>
            <button
              type="button"
              aria-current={current.value === step.number ? 'step' : undefined}
              onClick={() => show(step)}
            >
              <span class="faint number">
                {step.number}.{step.kind === 'verdict' ? '' : ` ${momentText(step.timeNanos, 1e6)}`}
              </span>{' '}
              <span>{visible(step.text)}</span>
            </button>
          </li>
        ))}
      </ol>
      {picture === undefined ? null : (
        <DrawnPicture
          run={run}
          file={picture}
          label="The steps as a picture: time runs down, and each arrow has the number of its step"
          isPart
          step={current.value}
          onPick={pick}
        />
      )}
      {story.notes.length === 0 ? null : (
        <div class="notes faint">
          {story.notes.map((note) => (
            <p key={note}>{visible(note)}</p>
          ))}
        </div>
      )}
    </div>
  );
}
