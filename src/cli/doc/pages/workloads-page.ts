/**
 * docs/workloads.md: each workload with its requests, how they are generated, what is checked, and the keys of its
 * results.
 */
import { describeRpc, rpcShapes } from '../../../protocol/rpc/describe-rpc.ts';
import { WORKLOADS } from '../../../workloads/index.ts';
import type { GuidedWorkload } from '../../../workloads/workload.ts';
import { TEST_OPTIONS } from '../../test-command/test-command.ts';
import { longFlag } from '../../words/option.ts';
import { code, GENERATED, inDocs, page, sentence, table } from '../markdown.ts';
import type { Topic } from '../topic.ts';
import { formOf, keysTable } from './results-page.ts';

export function workloadsPage(): string {
  const workloads = [...WORKLOADS.values()];
  return page(
    INTRODUCTION,
    workloads.map(({ name }) => `- [${name}](#${name})`).join('\n'),
    ...workloads.map(section),
  );
}

function section(workload: GuidedWorkload): string {
  const { name, about, rpcs, guide } = workload;
  return page(
    `## ${name}`,
    about,
    ...rpcs.map(describeRpc),
    `### How requests are made (${name})`,
    guide.requests,
    `### What is checked (${name})`,
    guide.checked,
    `### Options that matter (${name})`,
    table(['option', 'what it does'], optionsOf(workload)),
    `### Keys of its results (${name})`,
    keysOf(name),
  );
}

/** Returns rows for the options of a workload's guide. Throws for an option that `maelstrom test` does not have. */
const optionsOf = ({ name, guide }: GuidedWorkload): readonly (readonly string[])[] =>
  guide.options.map((flag) => {
    const option = Object.values(TEST_OPTIONS).find((one) => longFlag(one) === flag);
    if (option === undefined) throw new Error(`${name} mentions ${flag}, which maelstrom test does not have`);
    return [code(option.flags), sentence(option.about ?? '')];
  });

/** Workloads with the same keys refer to the first of them. */
function keysOf(name: string): string {
  const form = formOf(name);
  if (form === undefined) return 'It has none of its own.';
  const first = [...WORKLOADS.keys()].find((other) => formOf(other) === form) ?? name;
  if (first !== name) return `The same as those of [${first}](#keys-of-its-results-${first}).`;
  return page(
    'Under `workload` in the results, in addition to the keys that [every result has](reference/results.md#keys).',
    inDocs(keysTable(form)),
  );
}

export const workloadTopics = (): readonly Topic[] =>
  [...WORKLOADS.values()].map((workload) => {
    const { name, about, rpcs, guide } = workload;
    return {
      kind: 'workload',
      name,
      text: page(
        about,
        ...rpcs.map((rpc) => ['```', ...rpcShapes(rpc), '```'].join('\n')),
        `Requests: ${guide.requests}`,
        `Checked: ${guide.checked}`,
        optionsOf(workload)
          .map(([flags = '', text = '']) => `- ${flags}: ${text}`)
          .join('\n'),
      ),
      page: `workloads.md#${name}`,
    };
  });

const INTRODUCTION = `
${GENERATED}

# Workloads

A workload defines the requests of clients to your nodes, and how their answers are checked. Choose one with \`--workload\`. Every request is a
[message](protocol.md) from a client; a node answers with the reply shown, or with an [error](protocol.md#errors).
`;
