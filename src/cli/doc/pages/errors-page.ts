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
    `Error ${number}, ${code(name)}: ${definite ? 'definite, the request certainly did not happen' : 'indefinite, the request may have happened'}.`,
    about,
    `When: ${when}`,
    code(`{"type": "error", "in_reply_to": 5, "code": ${number}, "text": "..."}`),
  );

const INTRODUCTION = `
# Errors

A node may answer any request with an error instead of its \`..._ok\`:

\`\`\`json
{ "type": "error", "in_reply_to": 5, "code": 11, "text": "no leader at present" }
\`\`\`

A **definite** error means that the request certainly did not happen and never will. After any other error, or no answer at all, the outcome is open.
`;

const WHAT_BECOMES = `
## What becomes of the operation

| the node answers | a request that changes something | a request that only reads |
|---|---|---|
| its \`..._ok\` | \`ok\` | \`ok\` |
| a definite error | \`fail\`: it did not happen | \`fail\` |
| an indefinite error, or one that is not listed | \`info\`: it may have happened, or may still happen | \`fail\`: nothing depends on it |
| nothing, for as long as the client waits | \`info\` | \`fail\` |

After an \`info\` the client is replaced by a new one with a new process. Codes from 1000 are free for your own use, and
indefinite; an unlisted code below 1000 is a [warning](../protocol.md#what-counts-as-wrong).

A definite error for a request that nevertheless takes effect shows up as an aborted read ([G1a](anomalies.md#g1a)), as an element that
no client added, or as a value that no order of the operations explains.
`;
