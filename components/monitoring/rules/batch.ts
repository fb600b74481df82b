/** Rules on the batch system: its figures, and when jobs wait though there is room. */
import type { Queue } from "../../../stacks/site/site";
import type { MonitoredSite } from "../monitoredSite";
import { batchRecords } from "./batchRecords";
import type { Alert, Subject } from "./ruleFile";
import { inQueues, justBelow, nodesOf, requestOf, series } from "./selectors";

/** Minutes that room must last: on a full site there is some for a moment whenever a job ends. */
const ROOM_MINUTES = 5;

/** Pods of a queue that wait too long though the nodes have room; that some wait is Harvester's way of working. */
function pending(site: MonitoredSite, queue: Queue): Alert[] {
  const { pendingMinutes, pendingLargeMinutes } = site.monitoring.thresholds;
  const { namespace, pool, largestJob } = queue;
  const free = series("batch:node_cores_free", nodesOf(site, [pool]));
  const waiting = (size: string, minutes: number) =>
    `count(${series("batch:pod_pending:seconds", `namespace="${namespace}"`, `size="${size}"`)} > ${minutes * 60})`;
  return [
    {
      name: "BatchPodsPending",
      severity: "warning",
      minutes: ROOM_MINUTES,
      expression:
        `${waiting("small", pendingMinutes)}` + ` and on () (max(${free}) >= ${justBelow(requestOf(queue, 1))})`,
      summary: `Pods of ${namespace} wait for a node for over ${pendingMinutes} minutes though one has a core free`,
      when: `pods smaller than the queue's largest job wait for over ${pendingMinutes} minutes while a node has room for one`,
      thresholds: ["pendingMinutes"],
      labels: { namespace },
    },
    {
      name: "BatchLargePodsPending",
      severity: "warning",
      minutes: ROOM_MINUTES,
      expression:
        `${waiting("large", pendingLargeMinutes)}` +
        ` and on () (sum(${free}) >= ${justBelow(requestOf(queue, largestJob.cores))})`,
      summary: `Jobs of ${largestJob.cores} cores of ${namespace} wait for over ${pendingLargeMinutes} minutes`,
      when: `pods of the queue's largest job wait for over ${pendingLargeMinutes} minutes while as many cores are free, on whatever nodes`,
      thresholds: ["pendingLargeMinutes"],
      labels: { namespace },
    },
  ];
}

/** Rules on the batch system. */
export function batch(site: MonitoredSite): Subject {
  const { strandedPercent, strandedMinutes, noStartMinutes } = site.monitoring.thresholds;
  const started = series("kube_pod_start_time", inQueues(site));
  return {
    records: batchRecords(site),
    alerts: [
      {
        name: "BatchCoresStranded",
        severity: "warning",
        minutes: strandedMinutes,
        expression: `batch:cores_stranded:ratio > ${strandedPercent / 100}`,
        summary: "{{ $value | humanizePercentage }} of the batch cores lie idle while a large job waits",
        when: `over ${strandedPercent} % of the batch cores are on nodes that have too few free for a waiting large job`,
        thresholds: ["strandedPercent", "strandedMinutes"],
      },
      ...Object.values(site.queues).flatMap((queue) => pending(site, queue)),
      {
        name: "BatchNothingStarts",
        severity: "critical",
        minutes: ROOM_MINUTES,
        expression:
          `max by (namespace) (batch:pod_pending:seconds) > ${noStartMinutes * 60} unless on (namespace)` +
          ` (max by (namespace) (${started}) > time() - ${noStartMinutes * 60})`,
        summary: `No pod of {{ $labels.namespace }} has started for ${noStartMinutes} minutes, and some wait`,
        when: `no pod of a queue has started for ${noStartMinutes} minutes while one waits that long`,
        thresholds: ["noStartMinutes"],
      },
    ],
  };
}
