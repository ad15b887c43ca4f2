/**
 * A request followed through the cluster, as text and as a waterfall: each row is a message with its reply, below the message
 * whose handling sent it. Branches can be folded. The diagram beside it highlights the same messages.
 */
import type { Signal } from '@preact/signals';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { RequestRow, RequestTree } from '../../../src/recording/views.ts';
import type { OpenRun } from '../source/open-run.ts';
import { counted, spanText } from '../time-text.ts';
import { changeView, type TimeRange, type ViewState } from '../view-state.ts';
import { visible } from '../visible-text.ts';
import { followedBy } from './followed-by.ts';
import { barsOf, type Bar } from './bars.ts';
import { branchSizes, rowsInSight } from './branches.ts';
import { carriedValue, payloadText } from './payload-text.ts';
import { durationText, fatesOf } from './row-words.ts';

export interface FollowPanelProps {
  readonly run: OpenRun;
  readonly view: Signal<ViewState>;
  readonly onShow: (range: TimeRange) => void;
}

const FIRST_ROWS = 150;
const AIR = 0.08;

export function FollowPanel({ run, view, onShow }: FollowPanelProps) {
  const id = followedBy(view.value.mark);
  const [tree, setTree] = useState<RequestTree | undefined>(undefined);
  const [problem, setProblem] = useState('');
  useEffect(() => {
    if (id === undefined) return undefined;
    let isCurrent = true;
    setProblem('');
    run.requestTree(id).then(
      (found) => {
        if (!isCurrent) return;
        setTree(found);
        if (!isInView(found, view.peek().range)) onShow(rangeOf(found));
      },
      (error: Error) => isCurrent && setProblem(error.message),
    );
    return () => (isCurrent = false);
  }, [run, id]);
  if (id === undefined) return null;
  return (
    <section class="follow" aria-label="The request, followed">
      {problem === '' ? null : <p>{problem}</p>}
      {tree === undefined ? null : <Waterfall tree={tree} view={view} onShow={onShow} />}
    </section>
  );
}

const isInView = ({ from, to }: RequestTree, range: TimeRange | undefined): boolean =>
  range !== undefined && from >= range.from && to <= range.to;

function rangeOf({ from, to }: RequestTree): TimeRange {
  const air = Math.max((to - from) * AIR, 5000);
  return { from: from - air, to: to + air };
}

interface WaterfallProps extends Omit<FollowPanelProps, 'run'> {
  readonly tree: RequestTree;
}

function Waterfall({ tree, view, onShow }: WaterfallProps) {
  const { rows, from, to } = tree;
  const [isWhole, setWhole] = useState(false);
  const [folded, setFolded] = useState<ReadonlySet<number>>(new Set());
  const body = useRef<HTMLDivElement>(null);
  const bars = useMemo(() => barsOf(tree), [tree]);
  const branches = useMemo(() => branchSizes(rows), [rows]);
  const unfolded = useMemo(() => rowsInSight(rows, branches, folded), [rows, branches, folded]);
  // Indices into `rows`.
  const shown = isWhole ? unfolded : unfolded.slice(0, FIRST_ROWS);
  const { selection } = view.value;
  const selected =
    selection?.kind === 'message'
      ? rows.findIndex(({ message, reply }) => message.id === selection.id || reply?.id === selection.id)
      : -1;
  // Roving tab index: only one row can be reached by Tab.
  const focusable = shown.includes(selected) ? selected : 0;

  useEffect(() => setFolded(new Set()), [tree]);
  const select = (at: number): void => {
    const row = rows[at];
    if (row === undefined) return;
    changeView(view, { selection: { kind: 'message', id: row.message.id } });
    const { range } = view.peek();
    const { sent, end } = row.message;
    if (range !== undefined && (sent < range.from || (end ?? sent) > range.to)) onShow(rangeOf(tree));
  };
  const fold = (at: number, isFolded: boolean): void => {
    const next = new Set(folded);
    if (isFolded) next.add(at);
    else next.delete(at);
    setFolded(next);
  };
  const go = (event: KeyboardEvent, place: number): void => {
    const at = shown[place] ?? 0;
    const isBranch = (branches[at] ?? 0) > 0;
    if (isBranch && event.key === (folded.has(at) ? 'ArrowRight' : 'ArrowLeft')) {
      event.preventDefault();
      fold(at, event.key === 'ArrowLeft');
      return;
    }
    const next = placeAfter(event.key, place, shown.length);
    if (next === undefined) return;
    event.preventDefault();
    select(shown[next] ?? 0);
    body.current?.querySelectorAll<HTMLElement>('[role=row]')[next]?.focus();
  };
  return (
    <>
      <Head tree={tree} view={view} onShow={onShow} />
      <div class="follow-rows" role="treegrid" aria-label="What was sent for it" ref={body}>
        <Axis span={to - from} />
        {shown.flatMap((at, place) => {
          const row = rows[at];
          if (row === undefined) return [];
          const isFolded = folded.has(at);
          return (
            <Row
              key={row.message.id}
              row={row}
              below={branches[at] ?? 0}
              bars={bars[at] ?? []}
              isFirst={at === 0}
              isSelected={at === selected}
              isFocusable={at === focusable}
              isFolded={isFolded}
              onSelect={() => select(at)}
              onKey={(event) => go(event, place)}
              onFold={() => fold(at, !isFolded)}
            />
          );
        })}
      </div>
      {shown.length === unfolded.length ? null : (
        <button type="button" onClick={() => setWhole(true)}>
          Show all {unfolded.length}
        </button>
      )}
    </>
  );
}

function Head({ tree, view, onShow }: WaterfallProps) {
  const { rows, from, to, isCut, guessedFor } = tree;
  return (
    <div class="follow-head">
      <h2>Messages sent for it</h2>
      <p class="faint">
        {counted(rows.length, 'message')} with {rows.length === 1 ? 'its reply' : 'their replies'},{' '}
        {spanText(to - from)}. {isCut ? 'These are the first; there are more. ' : ''}
        {guessedFor.length === 0
          ? ''
          : `Taken from the order of messages, since ${guessedFor.map(visible).join(', ')} ${guessedFor.length === 1 ? 'does' : 'do'} not say what each follows from. `}
      </p>
      <Carriers tree={tree} view={view} />
      <button type="button" onClick={() => onShow(rangeOf(tree))}>
        Zoom to all of it
      </button>
      <button type="button" onClick={() => changeView(view, { mark: '' })}>
        Stop following
      </button>
    </div>
  );
}

/** A button that searches by payload, since gossip that a timer sends for many requests at once is caused by none of them. */
function Carriers({ tree, view }: Pick<WaterfallProps, 'tree' | 'view'>) {
  const value = carriedValue(tree.rows[0]?.message.preview ?? '');
  if (value === undefined) return null;
  return (
    <button
      type="button"
      title="A message that a timer sends for several requests at once is caused by none of them; it is found by the value it carries."
      onClick={() =>
        changeView(view, {
          mark: '',
          query: `value:${value}`,
          selection: undefined,
          range: undefined,
          tab: 'messages',
        })
      }
    >
      All messages that carry {value}
    </button>
  );
}

function placeAfter(key: string, at: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return Math.min(count - 1, at + 1);
    case 'ArrowUp':
      return Math.max(0, at - 1);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    case 'Enter':
    case ' ':
      return at;
    default:
      return undefined;
  }
}

interface RowProps extends WordsProps {
  readonly bars: readonly Bar[];
  readonly isFirst: boolean;
  readonly isSelected: boolean;
  readonly isFocusable: boolean;
  readonly onSelect: () => void;
  readonly onKey: (event: KeyboardEvent) => void;
}

function Row({ bars, isFirst, isSelected, isFocusable, onSelect, onKey, ...words }: RowProps) {
  const { row, below, isFolded } = words;
  return (
    <div
      role="row"
      aria-level={row.depth + 1}
      aria-selected={isSelected}
      aria-expanded={below === 0 ? undefined : !isFolded}
      tabIndex={isFocusable ? 0 : -1}
      class={row.isTroubled ? 'follow-row troubled' : 'follow-row'}
      onClick={onSelect}
      onKeyDown={onKey}
    >
      <Words {...words} />
      <div role="gridcell" class="follow-bars" aria-hidden="true">
        {bars.map((bar) => (
          <BarMark key={`${bar.kind} ${bar.from}`} bar={bar} isWaitedFor={row.isWaitedFor || isFirst} />
        ))}
      </div>
    </div>
  );
}

/** Rows deeper than this are not indented further. */
const MOST_INDENTED = 12;

interface WordsProps {
  readonly row: RequestRow;
  /** Number of rows in its branch, not counting itself. */
  readonly below: number;
  readonly isFolded: boolean;
  readonly onFold: () => void;
}

function Words({ row, below, isFolded, onFold }: WordsProps) {
  const { message, reply, depth } = row;
  const { src, dest, type, preview } = message;
  const carries = payloadText(preview);
  const answers = reply === undefined ? '' : payloadText(reply.preview);
  return (
    <div
      role="gridcell"
      class="follow-words"
      style={{ paddingLeft: `${Math.min(depth, MOST_INDENTED) * 16 + 6}px` }}
    >
      {/* For the mouse only: the keyboard uses the arrow keys, and the row exposes its state. */}
      <span
        class="follow-fold"
        aria-hidden="true"
        title={below === 0 ? undefined : isFolded ? 'Unfold' : 'Fold'}
        onClick={(event) => {
          if (below === 0) return;
          event.stopPropagation();
          onFold();
        }}
      />
      <span class="way">
        {visible(src)} → {visible(dest)}
      </span>{' '}
      <strong>{type === '' ? 'no type' : visible(type)}</strong>{' '}
      {carries === '' ? null : <span class="faint">{visible(carries)} </span>}
      {reply === undefined ? null : (
        <span class="faint">
          ← {visible(reply.type)}
          {answers === '' ? '' : ` ${visible(answers)}`}{' '}
        </span>
      )}
      <span class="took">{durationText(row)}</span>
      {isFolded ? <span class="fate">{below} more</span> : null}
      {fatesOf(row).map(({ tone, words }) => (
        <span key={words} class={`fate ${tone}`}>
          {visible(words)}
        </span>
      ))}
    </div>
  );
}

const percent = (part: number): string => `${(part * 100).toFixed(3)}%`;

function BarMark({ bar, isWaitedFor }: { readonly bar: Bar; readonly isWaitedFor: boolean }) {
  const { kind, from, to } = bar;
  return (
    <span
      class={`follow-bar ${kind}${isWaitedFor ? ' waited-for' : ''}`}
      style={{ left: percent(from), width: percent(to - from) }}
    />
  );
}

const TICKS = [0, 0.25, 0.5, 0.75, 1];

/** Times since the request was sent. */
function Axis({ span }: { readonly span: number }) {
  return (
    <div class="follow-axis" aria-hidden="true">
      <span class="follow-words faint">sender → receiver, and the reply</span>
      <span class="follow-bars">
        {TICKS.map((part) => (
          <span key={part} class="follow-tick faint" style={{ left: percent(part) }}>
            {part === 0 ? '0' : spanText(span * part)}
          </span>
        ))}
      </span>
    </div>
  );
}
