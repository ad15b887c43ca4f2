/**
 * The names of a run's files: `store/<workload>/<timestamp>/...`, as upstream has them, with a JSON file for each EDN
 * file.
 */

export const RUN_FILES = {
  /** The history, one operation per line; written during the run. */
  historyJsonl: 'history.jsonl',
  historyEdn: 'history.edn',
  historyTxt: 'history.txt',
  resultsJson: 'results.json',
  resultsEdn: 'results.edn',
  /** Evidence that the run is wrong, if the workload is the caller's own; see own-evidence.ts. */
  evidence: 'evidence.json',
  /** The harness's log, with times. */
  log: 'jepsen.log',
  /** The spec, the versions and the seed; `openRun` reads this file first. */
  test: 'test.json',
  /** Each node's stderr: NODE.log. */
  nodeLogs: 'node-logs',
  /** What nodes keep across restarts, in the real world: NODE/, their MAELSTROM_DATA_DIR. */
  nodeData: 'node-data',
  /** Every message; see network/journal-format.ts. */
  journal: 'net-journal',
  /** Every client, with its process and its node; see run-clients.ts. */
  clients: 'net-journal/clients.jsonl',
  /** States that nodes have reported, if any; see protocol/state-change.ts. */
  states: 'net-journal/states.jsonl',
  /** The zero of the history's times on the journal's clock; see run-zero.ts. */
  zero: 'zero.json',
  /** The run as a scenario, if one was made; see scenario/scenario.ts. */
  scenario: 'scenario.json',
  /** How the run came to be wrong: a story for the first finding of each kind; see recording/story.ts. */
  stories: 'story.json',
  /** The first story, as text and as a picture. */
  storyText: 'story.md',
  storyPicture: 'story.svg',
  /** What decided the run, if that was searched for; see recording/decisive.ts. */
  decisive: 'decisive.json',
  /** The process that writes to this folder; removed when the run is over; see running-mark.ts. */
  running: 'running.json',
} as const;

/** Descriptions of these files, in Markdown. */
export const RUN_FILE_MEANINGS: Readonly<Record<keyof typeof RUN_FILES, string>> = {
  historyJsonl:
    'The history: what clients asked and how that ended, and what faults began and ended; an entry a line, in JSON. Written as the run goes.',
  historyEdn: 'The same in EDN, as Jepsen has it.',
  historyTxt: 'The same as text in columns: process, type, operation, value, error.',
  resultsJson: 'The verdict in full: [the keys of results](#keys).',
  resultsEdn:
    'The same in EDN, with the types that Jepsen’s results have: keywords, sets, floats, keys of any type.',
  evidence: 'What shows that the run is wrong, where the workload is your own.',
  log: 'What happened, with times: phases, every operation, faults, the verdict.',
  test: 'The options, the seed, the versions; of a simulated run its digest too, which the same seed gives again.',
  nodeLogs:
    'What each node wrote to stderr, `NODE.log`: each line behind the time of the run in seconds. `NODE.log.times` has the times on the clock of the journal.',
  nodeData:
    'What nodes keep across restarts, a folder for each: its `MAELSTROM_DATA_DIR`. Not of simulated runs.',
  journal: 'Every message: [the journal](#the-journal).',
  clients: 'Every client, with its process and its node.',
  states: 'What nodes have said of [their states](../protocol.md#its-state), where they have.',
  zero: 'Where on the clock of the journal the times of the history begin.',
  scenario: 'The run as a [scenario](../finding.md), where one was made.',
  stories: 'How the run came to be wrong, step by step: a story for the first finding of each kind.',
  storyText: 'The first of these stories in words.',
  storyPicture: 'The same as a picture.',
  decisive:
    'What decided the run, and from which step on the failure was certain, [where that was looked for](../finding.md#what-decided-it).',
  running: 'Which process writes here; gone when the run is over.',
};

/** Files that report/write-report.ts adds once a run has been judged, besides the plots (report/plots/plots.ts). */
export const REPORT_FILES = {
  report: 'report.html',
  timeline: 'timeline.html',
  messages: 'messages.svg',
  /** A text and a drawing for each type of anomaly. */
  elle: 'elle',
  /** A text and a drawing for each of the first invalid elements, sums or ids. */
  evidence: 'evidence',
  /** A folder for each key that is judged separately. */
  independent: 'independent',
  /** Gets the extension .svg. */
  linear: 'linear',
  /** The findings, each with its text and the file of its drawing; see recording/finding-view.ts. */
  findings: 'findings.json',
} as const;

/** Descriptions of these files, in Markdown. */
export const REPORT_FILE_MEANINGS: Readonly<Record<keyof typeof REPORT_FILES, string>> = {
  report: 'The page of the run with its data inside, to be opened by double click.',
  timeline: 'Operations by process, as boxes over time.',
  messages:
    'Messages between nodes with their payloads; of a run that went wrong from shortly before it did.',
  elle: 'For each type of [anomaly](anomalies.md) `TYPE.svg` and `TYPE.txt`; `TYPE/0.svg` is where upstream has its drawing.',
  evidence: 'A text and a drawing for each of the first elements, sums or ids that are wrong.',
  independent:
    'Of a workload that judges keys apart a folder for each, with its history, its results and its timeline.',
  linear:
    'In the folder of a key that is not linearizable, with the ending `.svg`: the operation that is impossible, and why.',
  findings: 'What is wrong, an entry a finding: its words, its operations, the file of its drawing.',
};

/** The folder of hunts, next to those of the workloads; each hunt has its own folder; see hunt/hunt-folder.ts. */
export const HUNTS = 'hunts';
export const HUNT_FILES = {
  runs: 'hunt.jsonl',
  summary: 'summary.json',
  campaign: 'campaign.json',
  wish: 'wish.json',
} as const;

/** Symbolic links next to the runs: to the last one that reached results, and to the last one that began. */
export const LINKS = { latest: 'latest', current: 'current' } as const;

/**
 * Returns the name of a run's folder: `20261121T023456.789Z`, in UTC. Names sort by time, and need no quoting in any
 * shell or file system.
 */
export function timestampName(time: Date): string {
  return time.toISOString().replaceAll(/[-:]/g, '');
}
