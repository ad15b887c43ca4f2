/** Faults on the links of some nodes: messages are lost, doubled, reordered or late, or links go down and up. */
import { duplicateRule, flapRule, lossRule, reorderRule, slowRule } from '../network/link-rules.ts';
import { faultOnLinks } from './fault-on-links.ts';
import { longestHoldMs, slownessText } from './fault-strengths.ts';
import { readPeriod, readProbability, readSlowness } from './strength-words.ts';

export const lossFault = faultOnLinks({
  name: 'loss',
  about: 'Loses messages on the links of some nodes, each with a probability of 0.1 (`--loss`).',
  strength: ({ loss }) => String(loss),
  readStrength: (words) => ({ loss: readProbability(words) }),
  rule: (scope, { loss }) => lossRule(scope, loss),
});

export const duplicateFault = faultOnLinks({
  name: 'duplicate',
  about:
    'Lets messages on the links of some nodes arrive twice, each with a probability of 0.1 (`--duplicate`). The copy comes ' +
    '50 ms later on average.',
  strength: ({ duplicate }) => String(duplicate),
  readStrength: (words) => ({ duplicate: readProbability(words) }),
  rule: (scope, { duplicate }) => duplicateRule(scope, duplicate),
});

export const reorderFault = faultOnLinks({
  name: 'reorder',
  about:
    'Holds back messages on the links of some nodes, each with a probability of 0.1 (`--reorder`), so that later ones ' +
    'overtake them: for up to 100 ms and four times the mean latency.',
  strength: ({ reorder }) => String(reorder),
  readStrength: (words) => ({ reorder: readProbability(words) }),
  rule: (scope, { reorder }, latency) => reorderRule(scope, reorder, longestHoldMs(latency)),
});

export const slowFault = faultOnLinks({
  name: 'slow',
  about:
    'Makes the links of some nodes slow: ten times the latency, or 50 to 500 ms more where there is none; another factor ' +
    'or range with `--slow 20x` or `--slow 50ms..2s`.',
  strength: ({ slow }) => slownessText(slow),
  readStrength: (words, latency) => ({ slow: readSlowness(words, latency) }),
  rule: (scope, { slow }) => slowRule(scope, slow),
});

export const flapFault = faultOnLinks({
  name: 'flap',
  about:
    'Makes the links of some nodes go down and up again, over and over: down for the first half of every second, or of ' +
    'the period given by `--flap 200ms`. Each link does so at its own moment. What is due while a link is down is lost.',
  strength: ({ flapPeriodMs }) => `every ${flapPeriodMs}ms`,
  readStrength: (words) => ({ flapPeriodMs: readPeriod(words) }),
  rule: (scope, { flapPeriodMs }) => flapRule(scope, flapPeriodMs),
});
