/** An event as one sentence. Text from nodes is made visible in it. */
import type { BranchChange, Happening, TurnOf } from '../../../src/recording/travel-view.ts';
import { countText } from '../time-text.ts';
import { visible } from '../visible-text.ts';

export function happeningText(happening: Happening): string {
  return visible(sentence(happening));
}

function sentence(happening: Happening): string {
  switch (happening.kind) {
    case 'sent':
      return `${happening.from} sent ${messageText(happening)} to ${happening.to}.`;
    case 'received':
      return `${capital(messageText(happening))} from ${happening.from} arrived at ${happening.to}.`;
    case 'lost':
      return `${capital(messageText(happening))} from ${happening.from} to ${happening.to} was lost: ${happening.reason}.`;
    case 'duplicated':
      return `${capital(messageText(happening))} from ${happening.from} to ${happening.to} was duplicated: ${moreText(happening.copies)} on the way.`;
    case 'turn':
      return turnText(happening.node, happening.of);
    case 'life':
      return `${happening.node} ${LIVES[happening.what]}.`;
    case 'operation':
      return operationText(happening);
    case 'phase':
      return `The phase “${happening.phase}” began.`;
  }
}

const LIVES: Readonly<Record<Extract<Happening, { kind: 'life' }>['what'], string>> = {
  started: 'was started',
  ended: 'ended by itself',
  killed: 'was killed',
  stopped: 'was stopped at the end of the run',
  paused: 'was paused',
  resumed: 'was resumed',
};

function turnText(node: string, of: TurnOf): string {
  switch (of.kind) {
    case 'start':
      return `${node} loaded its program.`;
    case 'message':
      return `${node} handled ${messageText(of)} from ${of.from}.`;
    case 'timer':
      return of.message === undefined
        ? `A timer of ${node} fired.`
        : `A timer of ${node} fired, which it set while it handled message ${of.message}.`;
    case 'signal':
      return `${node} was asked to end.`;
    case 'end':
      return `${node} had nothing left to wait for, and ended.`;
  }
}

function operationText({ process, type, f, value }: Extract<Happening, { kind: 'operation' }>): string {
  const what = value === '' || value === 'null' ? f : `${f} ${value}`;
  if (process === 'nemesis') return `The nemesis: ${what}.`;
  switch (type) {
    case 'invoke':
      return `Process ${process} invoked ${what}.`;
    case 'ok':
      return `Process ${process} completed ${what}.`;
    case 'fail':
      return `Process ${process} failed at ${what}.`;
    case 'info':
      return `Process ${process} does not know how ${what} ended.`;
  }
}

/** Returns the symbol for the kind of event, shown before its sentence in lists. */
export function happeningSign(happening: Happening): string {
  switch (happening.kind) {
    case 'sent':
      return '→';
    case 'received':
      return '⇥';
    case 'lost':
      return '×';
    case 'duplicated':
      return '⇉';
    case 'turn':
      return '●';
    case 'life':
      return '◆';
    case 'operation':
      return '■';
    case 'phase':
      return '▸';
  }
}

/** Returns the change of a branch as a phrase: `message 42 dropped`. */
export function changeText(change: BranchChange): string {
  switch (change.kind) {
    case 'drop':
      return `message ${change.message} dropped`;
    case 'delay':
      return `message ${change.message} delayed: it arrives ${change.ms} ms after it was sent`;
    case 'duplicate':
      return `message ${change.message} duplicated: a copy arrives ${change.ms} ms after it was sent`;
    case 'crash':
      return visible(
        `${change.node} crashed, ${
          change.restartAfterMs === undefined
            ? 'and started again only at the end'
            : `and started again after ${change.restartAfterMs} ms`
        }`,
      );
  }
}

const messageText = ({ message, type }: { readonly message: number; readonly type: string }): string =>
  type === '' ? `message ${message}` : `message ${message} (${type})`;

const moreText = (copies: number): string =>
  copies === 1 ? '1 more copy is' : `${countText(copies)} more copies are`;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
