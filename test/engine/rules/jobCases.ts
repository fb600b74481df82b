/** Cases of the alerts on how jobs end, on the small site. */
import { fires, quiet, steady, turns, type AlertCase, type Scraped } from "./ruleCase";
import { endedJobs, job, named, node, pod, twoNodes } from "./scraped";

const NAMESPACE = { namespace: "harvester" };
const first = "hosting-batch-0";

/** Pods of one core that lasted ten minutes each, the first of them from the start on. */
function ended(count: number, phase: "Succeeded" | "Failed", on = first, from = 0): Scraped {
  const each = Array.from({ length: count }, (_, index) =>
    pod(`${phase}-${on}-${index}`, { node: on, phase, started: from, completed: from + 600 }),
  );
  return Object.assign({}, ...each) as Scraped;
}

/** Two pods of so many cores and the same length, of which one succeeded and one failed. */
function coreTime(succeeded: number, failed: number): Scraped {
  const times = { node: first, started: 0, completed: 600 };
  return {
    ...node(first),
    ...pod("good", { ...times, request: succeeded, phase: "Succeeded" }),
    ...pod("bad", { ...times, request: failed, phase: "Failed" }),
  };
}

function killed(count: number): Scraped {
  const each = Array.from({ length: count }, (_, index) => [
    named("kube_pod_container_status_terminated_reason", {
      ...{ namespace: "harvester", pod: `killed-${index}`, uid: `uid-killed-${index}` },
      ...{ container: "main", reason: "OOMKilled" },
    }),
    steady(1),
  ]);
  return Object.fromEntries(each) as Scraped;
}

function waitsFor(reason: string): Scraped {
  const ofPod = { namespace: "harvester", pod: "waits", uid: "uid-waits" };
  return {
    ...pod("waits", { node: first, phase: "Pending" }),
    [named("kube_pod_container_status_waiting_reason", { ...ofPod, container: "main", reason })]: steady(1),
    [named("kube_pod_status_scheduled_time", ofPod)]: steady(0),
  };
}

/** A pod that its node took at once, and that does not run there. */
const starting: Scraped = {
  ...pod("starting", { node: first, phase: "Pending" }),
  [named("kube_pod_status_scheduled_time", { namespace: "harvester", pod: "starting", uid: "uid-starting" })]:
    steady(0),
};

const refusal = (resource: string, code: string) =>
  named("apiserver_request_total", { job: "apiserver", resource, verb: "POST", subresource: "", code });

export const jobCases: readonly AlertCase[] = [
  fires(
    "WallclockSuccessLow",
    "warning",
    "9 of 10 core hours are 90 %, less than 94",
    361,
    [NAMESPACE],
    coreTime(8.1, 0.9),
  ),
  quiet("WallclockSuccessLow", "warning", "19 of 20 are enough", 370, coreTime(17.1, 0.9)),
  quiet("WallclockSuccessLow", "warning", "not before six hours", 359, coreTime(8.1, 0.9)),
  quiet("WallclockSuccessLow", "warning", "no pod has ended", 370, node(first)),
  fires(
    "JobsFailing",
    "warning",
    "3 of 21 failed",
    31,
    [NAMESPACE],
    twoNodes,
    endedJobs(18, "complete"),
    endedJobs(3, "failed"),
  ),
  quiet(
    "JobsFailing",
    "warning",
    "2 of 20 are no more than 10 %",
    60,
    twoNodes,
    endedJobs(18, "complete"),
    endedJobs(2, "failed"),
  ),
  quiet(
    "JobsFailing",
    "warning",
    "19 are too few to judge",
    60,
    twoNodes,
    endedJobs(10, "complete"),
    endedJobs(9, "failed"),
  ),
  fires(
    "JobsOutOfMemory",
    "info",
    "3 of 20 were killed",
    31,
    [NAMESPACE],
    twoNodes,
    endedJobs(20, "complete"),
    killed(3),
  ),
  quiet("JobsOutOfMemory", "info", "2 of 20 are no more than 10 %", 60, twoNodes, endedJobs(20, "complete"), killed(2)),
  fires(
    "NodeBlackHole",
    "critical",
    "five failed on it within half an hour, and none succeeded",
    15,
    [{ node: first }],
    twoNodes,
    ended(5, "Failed"),
    ended(5, "Succeeded", "hosting-batch-1"),
  ),
  quiet("NodeBlackHole", "critical", "one succeeded there", 15, twoNodes, ended(9, "Failed"), ended(1, "Succeeded")),
  quiet("NodeBlackHole", "critical", "four are too few", 15, twoNodes, ended(4, "Failed")),
  quiet("NodeBlackHole", "critical", "that was over half an hour ago", 41, twoNodes, ended(9, "Failed")),
  fires("ImagePullFailing", "warning", "the registry refuses", 16, [NAMESPACE], twoNodes, waitsFor("ImagePullBackOff")),
  quiet("ImagePullFailing", "warning", "containers are being made", 60, twoNodes, waitsFor("ContainerCreating")),
  quiet("ImagePullFailing", "warning", "an image may take its time", 14, twoNodes, waitsFor("ErrImagePull")),
  fires(
    "PodConfigurationMissing",
    "warning",
    "the proxy's Secret is not there",
    16,
    [NAMESPACE],
    twoNodes,
    waitsFor("CreateContainerConfigError"),
  ),
  quiet("PodConfigurationMissing", "warning", "an image is missing", 60, twoNodes, waitsFor("ErrImagePull")),
  fires("PodsNotStarting", "warning", "a volume hangs", 16, [{ ...NAMESPACE, node: first }], twoNodes, starting),
  quiet("PodsNotStarting", "warning", "not yet a quarter of an hour", 15, twoNodes, starting),
  quiet("PodsNotStarting", "warning", "what is missing is known", 60, twoNodes, waitsFor("ImagePullBackOff")),
  fires("JobsWithoutPod", "warning", "its pod is refused", 8, [NAMESPACE], twoNodes, job("lonely", {})),
  quiet("JobsWithoutPod", "warning", "made just now", 5, twoNodes, job("young", {})),
  quiet("JobsWithoutPod", "warning", "its pod has ended, and its result is written a minute later", 20, twoNodes, {
    ...job("ending", {}),
    [named("kube_job_status_active", { namespace: "harvester", job_name: "ending" })]: turns(1, 20, 0),
    [named("kube_job_complete", { namespace: "harvester", job_name: "ending", condition: "true" })]: "_x21 1x*",
  }),
  quiet(
    "JobsWithoutPod",
    "warning",
    "one has a pod, the others have ended",
    60,
    twoNodes,
    job("busy", { active: 1 }),
    job("done", { result: "complete" }),
    job("bad", { result: "failed" }),
  ),
  fires("ApiRefusesJobs", "warning", "one refusal a minute", 20, [{ resource: "jobs", code: "403" }], {
    [refusal("jobs", "403")]: "0+1x60",
    [refusal("jobs", "201")]: "0+9x60",
  }),
  quiet("ApiRefusesJobs", "warning", "refusals have ended", 20, { [refusal("jobs", "403")]: "0+1x8 8x60" }),
  quiet("ApiRefusesJobs", "warning", "other objects, other codes", 60, {
    [refusal("configmaps", "403")]: "0+1x60",
    [refusal("jobs", "409")]: "0+1x60",
  }),
  fires("TerminatedPodsNearGcThreshold", "warning", "10,001 of 12,500", 11, [{}], manyEnded(10_001)),
  quiet("TerminatedPodsNearGcThreshold", "warning", "10,000 are not over 80 %", 30, manyEnded(10_000)),
];

/** So many ended pods by few series: the rule adds values, and does not look at how many series they come from. */
function manyEnded(count: number): Scraped {
  return {
    ...node(first),
    [named("kube_pod_status_phase", { namespace: "x", pod: "x", uid: "x", phase: "Failed" })]: steady(count),
  };
}
