/**
 * Entry point of the thread that writes a report (dist/report-worker.js), started by report/report-thread.ts. Stories
 * come first: they are shown as soon as they are ready, and the pages open with them.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { Stories } from '../../recording/story.ts';
import { writeReport, type ReportOrder } from '../../report/write-report.ts';
import { storyPicture } from '../../story/picture/story-picture.ts';
import { makeBoundedStories, writeStories } from '../../story/stored/stored-stories.ts';

const beside = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

// Set by report-thread.ts.
const order = workerData as ReportOrder;

const problems: string[] = [];
const stories = storiesOf(order.folder);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
if (stories !== undefined) parentPort?.postMessage(stories);
problems.push(
  ...(await writeReport(
    order,
    {
      script: readFileSync(beside('report-page.js'), 'utf8'),
      style: readFileSync(beside('report-page.css'), 'utf8'),
      fontFolder: beside('fonts'),
    },
    stories === undefined ? undefined : { stories, pictures: stories.stories.map(storyPicture) },
  )),
);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
parentPort?.postMessage(problems);

function storiesOf(folder: string): Stories | undefined {
  try {
    const made = makeBoundedStories(folder);
    if (made !== undefined) writeStories(folder, made);
    return made;
  } catch (error) {
    problems.push(`the story: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}
