/** The details of the selection: a message with its body and its related messages, or an operation with its messages. */
import type { Signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { Fragment, type ComponentChildren } from 'preact';
import { DUPLICATED, LOST } from '../../../src/recording/messages/message-flags.ts';
import type { MessageDetails, MessageRow, OperationDetails } from '../../../src/recording/views.ts';
import { followedBy } from '../follow/followed-by.ts';
import type { OpenRun } from '../source/open-run.ts';
import { prettyJson } from '../pretty-json.ts';
import { afterText, momentText } from '../time-text.ts';
import { changeView, type TimeRange, type ViewState } from '../view-state.ts';

export interface DetailsProps {
  readonly run: OpenRun;
  readonly view: Signal<ViewState>;
  readonly related: Signal<ReadonlySet<number>>;
  readonly onShow: (range: TimeRange) => void;
}

type Found =
  | { readonly kind: 'message'; readonly message: MessageDetails }
  | { readonly kind: 'operation'; readonly operation: OperationDetails };

export function Details({ run, view, related, onShow }: DetailsProps) {
  const { selection } = view.value;
  const [found, setFound] = useState<Found | undefined>(undefined);
  const [problem, setProblem] = useState('');
  useEffect(() => {
    if (selection === undefined) return undefined;
    let isCurrent = true;
    setProblem('');
    const asked =
      selection.kind === 'message'
        ? run.message(selection.id).then((message): Found => ({ kind: 'message', message }))
        : run.operation(selection.index).then((operation): Found => ({ kind: 'operation', operation }));
    asked.then(
      (answer) => {
        if (!isCurrent) return;
        setFound(answer);
        related.value = relatedTo(answer);
      },
      (error: Error) => isCurrent && setProblem(error.message),
    );
    return () => (isCurrent = false);
  }, [run, selection?.kind, selection?.kind === 'message' ? selection.id : selection?.index]);
  useEffect(
    () => () => {
      related.value = new Set();
    },
    [],
  );

  const change = (part: Partial<ViewState>): void => changeView(view, part);
  const select = (row: MessageRow): void => change({ selection: { kind: 'message', id: row.id } });
  return (
    <aside class="details" aria-label="Selected" aria-live="polite">
      <button
        type="button"
        class="quiet close"
        aria-label="Clear the selection"
        onClick={() =>
          change({
            selection: undefined,
            mark: followedBy(view.peek().mark) === undefined ? '' : view.peek().mark,
          })
        }
      >
        ✕
      </button>
      {problem !== '' ? <p>{problem}</p> : null}
      {found?.kind === 'message' ? (
        <MessageCard message={found.message} select={select} change={change} onShow={onShow} />
      ) : null}
      {found?.kind === 'operation' ? (
        <OperationCard operation={found.operation} select={select} change={change} onShow={onShow} />
      ) : null}
    </aside>
  );
}

interface CardProps {
  readonly select: (row: MessageRow) => void;
  readonly change: (part: Partial<ViewState>) => void;
  readonly onShow: (range: TimeRange) => void;
}

function MessageCard({ message, select, change, onShow }: CardProps & { readonly message: MessageDetails }) {
  const { id, src, dest, sent, end, flags, type, body, bodyBytes, problem, copies, request, replies } =
    message;
  const { operation } = message;
  const arrived =
    end === null
      ? 'still under way'
      : (flags & LOST) !== 0
        ? `lost ${afterText(end - sent)}`
        : `${momentText(end)}, ${afterText(end - sent)}`;
  return (
    <>
      <h2>
        Message {id}: {type === '' ? 'without a type' : type}
      </h2>
      <dl>
        <Pair name="From">{src}</Pair>
        <Pair name="To">{dest}</Pair>
        <Pair name="Sent">{momentText(sent)}</Pair>
        <Pair name="Arrived">{arrived}</Pair>
        {message.dropReason === undefined ? null : <Pair name="Lost by">{message.dropReason}</Pair>}
        {(flags & DUPLICATED) === 0 ? null : (
          <Pair name="Duplicated">
            {copies.length === 0
              ? 'no further copy arrived'
              : `arrived again at ${copies.map((at) => momentText(at)).join(', ')}`}
          </Pair>
        )}
        {request === undefined ? null : (
          <Pair name="Answers">
            <MessageLink row={request} select={select} />
          </Pair>
        )}
        {replies.map((row) => (
          <Pair key={row.id} name="Answered by">
            <MessageLink row={row} select={select} />
          </Pair>
        ))}
        {operation === undefined ? null : (
          <Pair name="Operation">
            <button
              type="button"
              class="link"
              onClick={() => change({ selection: { kind: 'operation', index: operation } })}
            >
              {operation}
            </button>
          </Pair>
        )}
      </dl>
      <div class="tools">
        <button type="button" onClick={() => change({ mark: `caused:${id}` })}>
          What it caused
        </button>
        <button type="button" onClick={() => change({ mark: `led:${id}` })}>
          What caused it
        </button>
        <button type="button" onClick={() => change({ mark: `way:${id}` })}>
          Follow the request
        </button>
        <button type="button" onClick={() => onShow(around(sent, end ?? sent))}>
          Zoom to it
        </button>
      </div>
      <h3>Body</h3>
      <pre class="body" tabIndex={0}>
        {prettyJson(body)}
      </pre>
      {problem === undefined ? null : <p class="faint">There is no body to show: {problem}.</p>}
      {bodyBytes > body.length + 1000 ? (
        <p class="faint">Shortened: the body has {bodyBytes.toLocaleString('en')} bytes.</p>
      ) : null}
    </>
  );
}

function OperationCard({
  operation,
  select,
  change,
  onShow,
}: CardProps & { readonly operation: OperationDetails }) {
  const { index, process, f, outcome, invoked, completed, node, exchanges } = operation;
  const first = exchanges[0]?.request;
  return (
    <>
      <h2>
        Operation {index}: {f}, {outcome === 'open' ? 'not ended' : outcome}
      </h2>
      <dl>
        <Pair name="Process">
          {process}
          {node === undefined ? '' : `, at ${node}`}
        </Pair>
        <Pair name="Invoked">{momentText(invoked)}</Pair>
        <Pair name="Completed">
          {completed === null ? 'never' : `${momentText(completed)}, ${afterText(completed - invoked)}`}
        </Pair>
        {exchanges.map(({ request, reply }) => (
          <Fragment key={request.id}>
            <Pair name="Request">
              <MessageLink row={request} select={select} />
            </Pair>
            <Pair name="Reply">
              {reply === undefined ? 'none' : <MessageLink row={reply} select={select} />}
            </Pair>
          </Fragment>
        ))}
        {exchanges.length === 0 ? <Pair name="Request">no message</Pair> : null}
      </dl>
      <div class="tools">
        {first === undefined ? null : (
          <button type="button" onClick={() => change({ mark: `way:${first.id}` })}>
            Follow through the cluster
          </button>
        )}
        <button type="button" onClick={() => onShow(around(invoked, completed ?? invoked))}>
          Zoom to it
        </button>
      </div>
      <h3>Invocation</h3>
      <pre class="body" tabIndex={0}>
        {prettyJson(operation.invocation)}
      </pre>
      {operation.completion === undefined ? null : (
        <>
          <h3>Completion</h3>
          <pre class="body" tabIndex={0}>
            {prettyJson(operation.completion)}
          </pre>
        </>
      )}
    </>
  );
}

function Pair({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function MessageLink({ row, select }: Pick<CardProps, 'select'> & { readonly row: MessageRow }) {
  return (
    <button type="button" class="link" onClick={() => select(row)}>
      {row.id}: {row.type}, {row.src} → {row.dest}
    </button>
  );
}

function relatedTo(found: Found): ReadonlySet<number> {
  const rows =
    found.kind === 'message'
      ? [found.message.request, ...found.message.replies]
      : found.operation.exchanges.flatMap(({ request, reply }) => [request, reply]);
  return new Set(rows.flatMap((row) => (row === undefined ? [] : [row.id])));
}

/** Returns the range with a margin at both ends. */
export function around(from: number, to: number): TimeRange {
  const air = Math.max((to - from) * 0.6, 5000);
  return { from: from - air, to: to + air };
}
