/** Words for what is wrong with a log. */
import type { LogAnomaly } from '../examples/log-examples.ts';
import type { AnomalyWords } from './anomaly-words.ts';

export const LOG_WORDS: Readonly<Record<LogAnomaly, AnomalyWords>> = {
  'lost-write': {
    title: 'An acknowledged message is lost',
    meaning: 'an acknowledged message was never read, although messages after it in the same log were',
    cause:
      'A node answers before the message is stored; or two nodes give out the same offset, and one message replaces the other.',
  },
  unseen: {
    title: 'Messages that no client polled',
    meaning: 'messages were acknowledged that no client had polled when the run ended',
    cause: 'The last messages of a log are lost, or polls stop before its end.',
  },
  'inconsistent-offsets': {
    title: 'One offset held different messages',
    meaning: 'one offset of a log held different messages',
    cause: 'Two nodes choose the next offset independently.',
  },
  duplicate: {
    title: 'One message at several offsets',
    meaning: 'one message was found at several offsets',
    cause: 'A retried send is stored twice.',
  },
  G1a: {
    title: 'Aborted read',
    meaning: 'a message was read although its send had failed',
    cause: 'A definite error is sent for a message that was stored, or is stored later.',
  },
  'garbage-read': {
    title: 'A read of a message that was never sent',
    meaning: 'a message was read that no client had sent',
    cause: 'Messages or logs are mixed up or converted.',
  },
  'precommitted-read': {
    title: 'An operation reads its own message',
    meaning: 'an operation read a message that it sent itself',
    cause: 'The messages of a transaction are visible before it commits.',
  },
  'int-poll-skip': {
    title: 'A poll skips messages in the middle',
    meaning: 'one poll skipped messages in the middle',
    cause: 'The log is read while earlier messages are still missing from it.',
  },
  'int-nonmonotonic-poll': {
    title: 'A poll goes backwards',
    meaning: 'one poll returned messages out of order',
    cause: 'Messages are returned in order of arrival, not in order of their offsets.',
  },
  'int-send-skip': {
    title: 'Messages of one operation are not adjacent',
    meaning: 'the messages of one operation are not adjacent in the log',
    cause: 'Others send at the same time. This is allowed, and only counted.',
  },
  'int-nonmonotonic-send': {
    title: 'Messages of one operation are reordered',
    meaning: 'one operation sent messages that got decreasing offsets',
    cause: 'The messages of a transaction are stored in arbitrary order.',
  },
  'poll-skip': {
    title: 'A consumer skips messages',
    meaning: "a client's next poll skipped messages",
    cause:
      'A message gets a smaller offset than one that was already polled, or a poll is answered from a different offset than requested.',
  },
  'nonmonotonic-poll': {
    title: 'A consumer goes backwards',
    meaning: "a client's next poll went backwards in the log",
    cause: 'A poll is answered from an earlier offset than requested.',
  },
  'nonmonotonic-send': {
    title: 'A later message gets an earlier offset',
    meaning: "a client's later message got an earlier offset",
    cause: 'Each node assigns offsets from a range of its own.',
  },
};
