/** docs/reference/errors.md: the error codes, from their table. */
import { ERROR_CODES, type ErrorCode } from '../../../protocol/error-code.ts';
import { code, GENERATED, page, table } from '../markdown.ts';
import type { Topic } from '../topic.ts';

export const errorsPage = (): string =>
  page(
    GENERATED,
    INTRODUCTION,
    table(
      ['code', 'name', 'definite', 'meaning', 'when'],
      ERROR_CODES.map((error) => [
        String(error.code),
        code(error.name),
        error.definite ? 'yes' : 'no',
        error.about,
        error.when,
      ]),
    ),
    WHAT_BECOMES,
  );

export const errorTopics = (): readonly Topic[] =>
  ERROR_CODES.map((error) => ({
    kind: 'error',
    name: String(error.code),
    also: [error.name],
    text: textOf(error),
    page: 'reference/errors.md',
  }));

const textOf = ({ code: number, name, definite, about, when }: ErrorCode): string =>
  page(
    `Error ${number}, ${code(name)}: ${definite ? 'definite, the request certainly has not happened' : 'indefinite, the request may have happened'}.`,
    about,
    `When: ${when}`,
    code(`{"type": "error", "in_reply_to": 5, "code": ${number}, "text": "..."}`),
  );

const INTRODUCTION = `
# Errors

A node may answer any request with an error in place of its \`..._ok\`:

\`\`\`json
{ "type": "error", "in_reply_to": 5, "code": 11, "text": "no leader at present" }
\`\`\`

A **definite** error says that the request certainly has not happened and never will. Any other, and no answer at all, leaves that open.
`;

const WHAT_BECOMES = `
## What becomes of the operation

| the node answers | a request that changes something | a request that only reads |
|---|---|---|
| its \`..._ok\` | \`ok\` | \`ok\` |
| a definite error | \`fail\`: it has not happened | \`fail\` |
| an indefinite error, or one that is not listed | \`info\`: it may have happened, or may happen yet | \`fail\`: nothing depends on it |
| nothing, for as long as the client waits | \`info\` | \`fail\` |

After an \`info\` the client is gone, and another one takes its place under a new process. Codes from 1000 on are free for your own use, and
indefinite; one below that is not listed is a [warning](../protocol.md#what-counts-as-wrong).

A definite error for something that then happens all the same shows as an aborted read ([G1a](anomalies.md#g1a)), as an element that
nothing added, or as a value that no order of the operations explains.
`;
