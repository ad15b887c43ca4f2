/** Faults on the links of some nodes: messages are lost, duplicated, reordered or late, or links go down and up. */
import { duplicateRule, flapRule, lossRule, reorderRule, slowRule } from '../../network/rules/link-rules.ts';
import { faultOnLinks } from './fault-on-links.ts';
import { longestHoldMs, slownessText } from '../fault-strengths.ts';
import { readPeriod, readProbability, readSlowness } from '../strength-words.ts';

export const lossFault = faultOnLinks({
  name: 'loss',
  about: 'Loses messages on the links of some nodes, each with a probability of 0.1 (`--loss`).',
  strength: {
    placeholder: 'p',
    about: 'probability that a message between nodes is lost (during the fault, or always without it)',
    read: (words) => ({ loss: readProbability(words) }),
  },
  strengthText: ({ loss }) => String(loss),
  rule: (scope, { loss }) => lossRule(scope, loss),
});

export const duplicateFault = faultOnLinks({
  name: 'duplicate',
  about:
    'Duplicates messages on the links of some nodes, each with a probability of 0.1 (`--duplicate`). The copy arrives 50 ms later on average.',
  strength: {
    placeholder: 'p',
    about: 'probability that a message is duplicated (during the fault, or always without it)',
    read: (words) => ({ duplicate: readProbability(words) }),
  },
  strengthText: ({ duplicate }) => String(duplicate),
  rule: (scope, { duplicate }) => duplicateRule(scope, duplicate),
});

export const reorderFault = faultOnLinks({
  name: 'reorder',
  about:
    'Holds back messages on the links of some nodes, each with a probability of 0.1 (`--reorder`), so that later ones ' +
    'overtake them: for up to 100 ms plus four times the mean latency.',
  strength: {
    placeholder: 'p',
    about: 'probability that the fault reorder delays a message (default: 0.1)',
    read: (words) => ({ reorder: readProbability(words) }),
  },
  strengthText: ({ reorder }) => String(reorder),
  rule: (scope, { reorder }, latency) => reorderRule(scope, reorder, longestHoldMs(latency)),
});

export const slowFault = faultOnLinks({
  name: 'slow',
  about:
    'Makes the links of some nodes slow: ten times the latency, or 50 to 500 ms more if there is no latency. `--slow 20x` or `--slow 50ms..2s` sets another factor or range.',
  strength: {
    placeholder: 'how',
    about: 'slowdown of the fault slow: 20x, or 50ms..2s (default: 10x; without latency 50ms..500ms)',
    read: (words, latency) => ({ slow: readSlowness(words, latency) }),
  },
  strengthText: ({ slow }) => slownessText(slow),
  rule: (scope, { slow }) => slowRule(scope, slow),
});

export const flapFault = faultOnLinks({
  name: 'flap',
  about:
    'Makes the links of some nodes go down and up periodically: down for the first half of every second, or of another period, such as `--flap 200ms`. Each link has its own phase. Messages due while a link is down are lost.',
  strength: {
    placeholder: 'period',
    about: 'period of the fault flap, from one outage to the next (default: 1s)',
    read: (words) => ({ flapPeriodMs: readPeriod(words) }),
  },
  strengthText: ({ flapPeriodMs }) => `every ${flapPeriodMs}ms`,
  rule: (scope, { flapPeriodMs }) => flapRule(scope, flapPeriodMs),
});
