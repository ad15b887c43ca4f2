/** Tables of what the pictures show, for people who search, copy, or do not see pictures. */
import { useSignal, useSignalEffect, type ReadonlySignal, type Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { DUPLICATED, LOST } from '../../src/recording/messages/message-flags.ts';
import type { FaultView, MessageRow, OperationRow, Overview } from '../../src/recording/views.ts';
import type { OpenRun, RowsQuery } from './source/open-run.ts';
import { afterText, counted, countText, momentText, spanText } from './time-text.ts';
import { changeView, clampRange, type Selection, type ViewState } from './view-state.ts';
import { visible } from './visible-text.ts';
import { Scrolling } from './scrolling.tsx';
import type { Order, Sorting } from './sorting.ts';

export interface TableProps {
  readonly run: OpenRun;
  readonly view: Signal<ViewState>;
  readonly overview: ReadonlySignal<Overview>;
}

/** Rows per page: the server's limit for one answer. */
const PAGE = 100;

interface RowsInView<T> {
  readonly rows: readonly T[] | undefined;
  readonly problem: string;
  readonly skip: number;
  /** Goes forward or back by that many pages. */
  readonly turn: (pages: number) => void;
}

/** Returns the answer of `ask` for the visible range, shortly after it last changed. */
function useRows<T>({ view, overview }: TableProps, ask: (asked: RowsQuery) => Promise<T[]>): RowsInView<T> {
  const [shown, setShown] = useState<Shown<T> | undefined>(undefined);
  const [problem, setProblem] = useState('');
  const turned = useSignal({ of: '', skip: 0 });
  useSignalEffect(() => {
    const { range, query, mark, hidden } = view.value;
    const { startNanos, endNanos } = overview.value;
    const of = JSON.stringify([range, query, mark, hidden]);
    // A different view starts at its first page.
    const isTurned = turned.value.of === of;
    const skip = isTurned ? turned.value.skip : 0;
    let isCurrent = true;
    const timer = setTimeout(
      () => {
        // Clamped like the diagram: a URL or the story of a run may reach beyond the run's ends.
        const run = { from: startNanos, to: endNanos };
        const { from, to } = range === undefined ? run : clampRange(range, run);
        ask({ from, to, query, mark, skip, hidden }).then(
          (rows) => {
            if (!isCurrent) return;
            setShown({ rows, skip, of });
            setProblem('');
          },
          (error: Error) => isCurrent && setProblem(error.message),
        );
      },
      isTurned ? 0 : 300,
    );
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  });
  const { rows, skip = 0, of = '' } = shown ?? {};
  return {
    rows,
    problem,
    skip,
    turn: (pages) => (turned.value = { of, skip: Math.max(0, skip + pages * PAGE) }),
  };
}

/** A page of rows, and the view it belongs to. */
interface Shown<T> {
  readonly rows: readonly T[];
  readonly skip: number;
  readonly of: string;
}

export function MessageTable(props: TableProps) {
  const { run, view } = props;
  const found = useRows<MessageRow>(props, (asked) => run.messageRows(asked));
  return (
    <Table
      {...found}
      view={view}
      what={view.value.mark === '' ? 'message' : 'marked message'}
      label="Messages in view"
      columns={['Id', 'Type', 'From', 'To', 'Sent', 'Arrived', 'Body']}
      selects={({ id }) => ({ kind: 'message', id })}
      cells={(row) => (
        <>
          <NameCell text={row.type} />
          <NameCell text={row.src} />
          <NameCell text={row.dest} />
          <td class="number">{momentText(row.sent)}</td>
          <td class="number">{arrivalText(row)}</td>
          <td class="mono cut">{visible(row.preview)}</td>
        </>
      )}
    />
  );
}

/** A cell for a name chosen by a node, shortened so that it leaves room for the other columns. */
function NameCell({ text }: { readonly text: string }) {
  const shown = visible(text);
  return (
    <td class="given-name" title={shown}>
      {shown}
    </td>
  );
}

function arrivalText({ sent, end, flags }: MessageRow): string {
  const twice = (flags & DUPLICATED) === 0 ? '' : ', duplicated';
  if (end === null) return `under way${twice}`;
  return (flags & LOST) === 0 ? `${afterText(end - sent)}${twice}` : `lost${twice}`;
}

export interface OperationTableProps extends TableProps {
  /** Indices of the operations that findings blame. */
  readonly accused: ReadonlySet<number>;
}

export function OperationTable(props: OperationTableProps) {
  const { run, view, accused } = props;
  const found = useRows<OperationRow>(props, (asked) => run.operationRows(asked));
  return (
    <Table
      {...found}
      view={view}
      what="operation"
      label="Operations in view"
      columns={['Index', 'Process', 'Function', 'Outcome', 'Invoked', 'Took', 'Value']}
      selects={({ index }) => ({ kind: 'operation', index })}
      isAccused={({ index }) => accused.has(index)}
      cells={(row) => (
        <>
          <td>{row.process}</td>
          <td>{visible(row.f)}</td>
          <td>
            <span class={`outcome ${row.outcome}`}>{row.outcome}</span>
          </td>
          <td class="number">{momentText(row.invoked)}</td>
          <td class="number">
            {row.completed === null
              ? 'not ended'
              : row.completed === row.invoked
                ? 'no time'
                : spanText(row.completed - row.invoked)}
          </td>
          <td class="mono cut">{visible(row.preview)}</td>
        </>
      )}
    />
  );
}

interface TableOptions<T> extends RowsInView<T> {
  readonly view: Signal<ViewState>;
  /** What a row is, in one word. */
  readonly what: string;
  readonly label: string;
  readonly columns: readonly string[];
  readonly selects: (row: T) => Selection;
  /** Whether a finding blames it. */
  readonly isAccused?: (row: T) => boolean;
  /** All cells but the first, which selects the row. */
  readonly cells: (row: T) => ComponentChildren;
}

function Table<T>({
  rows,
  problem,
  skip,
  turn,
  view,
  what,
  label,
  columns,
  selects,
  isAccused,
  cells,
}: TableOptions<T>) {
  const { selection } = view.value;
  const isFull = (rows?.length ?? 0) >= PAGE;
  return (
    <>
      <div class="tools">
        <p class="faint" role="status">
          {problem === '' ? statusOf(rows?.length, skip, what) : problem}
        </p>
        {skip > 0 || isFull ? (
          <>
            <button type="button" disabled={skip === 0} onClick={() => turn(-1)}>
              Earlier rows
            </button>
            <button type="button" disabled={!isFull} onClick={() => turn(1)}>
              Later rows
            </button>
          </>
        ) : null}
      </div>
      {rows === undefined || rows.length === 0 ? null : (
        <Scrolling label={label}>
          <table aria-label={label}>
            <TableHead columns={columns} />
            <tbody>
              {rows.map((row) => {
                const selected = selects(row);
                const number = numberOf(selected);
                const isSelected = selection?.kind === selected.kind && numberOf(selection) === number;
                const isWrong = isAccused?.(row) === true;
                return (
                  <tr
                    key={number}
                    class={`${isSelected ? 'selected' : ''} ${isWrong ? 'accused' : ''}`.trim()}
                  >
                    <td>
                      <button
                        type="button"
                        class="link"
                        onClick={() => changeView(view, { selection: selected })}
                      >
                        {number}
                      </button>
                      {isWrong ? <span class="accusation"> wrong</span> : null}
                    </td>
                    {cells(row)}
                  </tr>
                );
              })}
            </tbody>
          </table>
        </Scrolling>
      )}
    </>
  );
}

export interface TableHeadProps {
  readonly columns: readonly string[];
  /** Names of columns that only screen readers read. */
  readonly hidden?: readonly string[];
  /** The headings of the columns that it has values for sort the table. */
  readonly sorting?: Pick<Sorting<never>, 'order' | 'values' | 'sort'>;
}

export function TableHead({ columns, hidden = [], sorting }: TableHeadProps) {
  return (
    <thead>
      <tr>
        {columns.map((name) =>
          sorting?.values[name] === undefined ? (
            <th key={name} scope="col">
              {hidden.includes(name) ? <span class="hidden">{name}</span> : name}
            </th>
          ) : (
            <SortingHead key={name} name={name} order={sorting.order} onSort={() => sorting.sort(name)} />
          ),
        )}
      </tr>
    </thead>
  );
}

interface SortingHeadProps {
  readonly name: string;
  readonly order: Order | undefined;
  readonly onSort: () => void;
}

function SortingHead({ name, order, onSort }: SortingHeadProps) {
  const direction = order?.column !== name ? undefined : order.isDescending ? 'descending' : 'ascending';
  return (
    <th scope="col" aria-sort={direction}>
      <button type="button" class="sort" onClick={onSort}>
        {name}
        <span class="direction" aria-hidden="true">
          {direction === undefined ? '' : direction === 'ascending' ? '▲' : '▼'}
        </span>
      </button>
    </th>
  );
}

const numberOf = (selection: Selection): number =>
  selection.kind === 'message' ? selection.id : selection.index;

function statusOf(rows: number | undefined, skip: number, what: string): string {
  if (rows === undefined) return 'Loading…';
  if (skip > 0)
    return rows === 0
      ? `There are no more ${what}s in view.`
      : `The ${what}s ${countText(skip + 1)} to ${countText(skip + rows)} in view.`;
  if (rows === 0) return `No ${what}s in view that match the filter.`;
  if (rows >= PAGE) return `The first ${PAGE} ${what}s in view; zoom in or filter to see others.`;
  return rows === 1 ? `The only ${what} in view.` : `All ${rows} ${what}s in view.`;
}

const MOST_FAULTS = 1000;

export function FaultTable({ faults }: { readonly faults: readonly FaultView[] }) {
  if (faults.length === 0) return <p class="faint">No fault was injected.</p>;
  const shown = faults.slice(0, MOST_FAULTS);
  const rest = faults.length - shown.length;
  return (
    <>
      <p class="faint">
        {counted(faults.length, 'fault')}
        {rest > 0 ? `, of which these are the first ${countText(MOST_FAULTS)}` : ''}.
      </p>
      <Scrolling label="Faults">
        <table aria-label="Faults">
          <TableHead columns={['Fault', 'From', 'To', 'Nodes']} />
          <tbody>
            {shown.map(({ name, from, to, about }, at) => (
              <tr key={at}>
                <td>{visible(name)}</td>
                <td class="number">{momentText(from)}</td>
                <td class="number">{to === null ? 'to the end' : momentText(to)}</td>
                <td class="mono cut">{visible(about)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolling>
    </>
  );
}
