/** What a run's story ends in: what its workload shows first, then what its nodes did. */
import type { Evidence } from '../../checkers/evidence.ts';
import type { EchoResult } from '../../checkers/echo.ts';
import type { KafkaResult } from '../../checkers/kafka/result.ts';
import type { Finding } from '../finding.ts';
import type { StoryFacts } from '../story-facts.ts';
import { anomalyFinding } from './anomalies.ts';
import { echoFinding } from './echoes.ts';
import { elementFinding } from './elements.ts';
import { idFinding } from './ids.ts';
import { kafkaFinding } from './kafka.ts';
import { keyFinding } from './keys.ts';
import { otherFinding, problemFinding, protocolFinding } from './node-findings.ts';
import { sumFinding } from './sums.ts';
import { invariantFinding } from './what-must-hold.ts';

/** Undefined where nothing is wrong. */
export function findingOf(facts: StoryFacts): Finding | undefined {
  const { results } = facts.run;
  if (results['valid?'] !== false) return undefined;
  return (
    (results.workload?.['valid?'] === false ? workloadFinding(facts) : undefined) ??
    problemFinding(facts) ??
    invariantFinding(facts) ??
    protocolFinding(facts) ??
    otherFinding(facts)
  );
}

function workloadFinding(facts: StoryFacts): Finding | undefined {
  const { evidence, results, spec } = facts.run;
  // The results of these two are those of their own checkers, which the name of the workload says.
  if (spec.workload === 'echo' && results.workload !== undefined && 'errors' in results.workload)
    return echoFinding(facts, results.workload as EchoResult);
  const ofLogs = spec.workload === 'kafka' ? kafkaFinding(facts, results.workload as KafkaResult) : undefined;
  return ofLogs ?? (evidence === undefined ? undefined : evidenceFinding(facts, evidence));
}

function evidenceFinding(facts: StoryFacts, evidence: Evidence): Finding | undefined {
  switch (evidence.kind) {
    case 'elements':
      return elementFinding(facts, evidence.elements);
    case 'sums':
      return sumFinding(facts, evidence.wrong, evidence.acceptable);
    case 'ids':
      return idFinding(facts, evidence.ids);
    case 'anomalies':
      return anomalyFinding(facts, evidence.anomalies);
    case 'keys':
      return keyFinding(facts, evidence.keys);
  }
}
