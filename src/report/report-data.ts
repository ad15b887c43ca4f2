/** Puts a run's operations and messages into the columns that a report's page holds. */
import { stringifyJson } from '../protocol/json.ts';
import { shownText } from '../protocol/shown-text.ts';
import { kindsOf, makeLanes } from '../recording/lanes.ts';
import { outcomeNumber } from '../recording/outcome.ts';
import { numberOf, type WholeOperation } from './operation-columns.ts';
import type { PageData, PageMessages, PageOperations } from './page/page-data.ts';
import type { RunFacts } from './run-facts.ts';
import { MANY_CLIENTS } from './space-time.ts';

const VALUE_TEXT = 300;
const MICRO = 1000;

export function reportData({ operations, messages, bands, nodes, clients }: RunFacts): PageData {
  const end = Math.round(operations.endNanos / MICRO);
  return {
    operations: operationColumns(operations.first, operations.columns.count),
    messages: messageColumns(messages, nodes, clients),
    bands: bands.map(({ kind, fromNanos, toNanos, about }) => ({
      kind,
      from: Math.round(fromNanos / MICRO),
      to: toNanos === undefined ? end : Math.round(toNanos / MICRO),
      about: shownText(about),
    })),
    end,
  };
}

function operationColumns(first: readonly WholeOperation[], total: number): PageOperations {
  const functions = new Numbering();
  const text = (operation: WholeOperation['completion']): string =>
    operation === undefined ? '' : shownText(stringifyJson(operation.value), VALUE_TEXT);
  return {
    total,
    index: first.map(numberOf),
    process: first.map(({ invocation }) => Number(invocation.process)),
    f: first.map(({ invocation }) => functions.of(shownText(invocation.f, 60))),
    invoked: first.map(({ invocation }) => Math.round(invocation.time / MICRO)),
    completed: first.map(({ completion }) =>
      completion === undefined ? null : Math.round(completion.time / MICRO),
    ),
    outcome: first.map(({ completion }) => outcomeNumber(completion?.type ?? 'invoke')),
    asked: first.map(({ invocation }) => text(invocation)),
    answered: first.map(({ completion }) => text(completion)),
    error: first.map(({ completion }) =>
      completion?.error === undefined ? '' : shownText(stringifyJson(completion.error), VALUE_TEXT),
    ),
    functions: functions.names,
  };
}

function messageColumns(
  { messages, total }: RunFacts['messages'],
  nodes: RunFacts['nodes'],
  clients: RunFacts['clients'],
): PageMessages {
  const names = new Numbering();
  const types = new Numbering();
  const reasons = new Numbering();
  const lost: Record<string, readonly [number, number]> = {};
  const copies: Record<string, number> = {};
  const src = messages.map((message) => names.of(message.src));
  const dest = messages.map((message) => names.of(message.dest));
  for (const { id, lost: loss, receivedNanos } of messages) {
    if (loss !== undefined)
      lost[id] = [Math.round(loss.timeNanos / MICRO), reasons.of(shownText(loss.reason))];
    if (receivedNanos.length > 1) copies[id] = receivedNanos.length;
  }
  const lanes = makeLanes(names.names.toSorted(), {
    nodes,
    kindOf: kindsOf(nodes, clients),
    clients: 'auto',
    many: MANY_CLIENTS,
  });
  return {
    total,
    src,
    dest,
    type: messages.map(({ type }) => types.of(type)),
    sent: messages.map(({ sentNanos }) => Math.round(sentNanos / MICRO)),
    received: messages.map(({ receivedNanos: [first] }) =>
      first === undefined ? null : Math.round(first / MICRO),
    ),
    lost,
    copies,
    text: messages.map(({ text }) => text),
    names: names.names.map((name) => shownText(name, 60)),
    types: types.names,
    reasons: reasons.names,
    lanes: lanes.views.map(({ label }) => shownText(label, 60)),
    laneOf: names.names.map((name) => lanes.of.get(name) ?? -1),
  };
}

/** Numbers texts from 0 in the order in which they come up. */
class Numbering {
  readonly names: string[] = [];
  private readonly numbers = new Map<string, number>();

  of(name: string): number {
    const known = this.numbers.get(name);
    if (known !== undefined) return known;
    this.numbers.set(name, this.names.length);
    this.names.push(name);
    return this.names.length - 1;
  }
}
