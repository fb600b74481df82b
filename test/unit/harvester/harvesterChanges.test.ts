/** The tests' picture of Harvester: what it makes of a template, rule by rule, and what it concludes. */
import { known } from "../../support/componentArgs";
import { describe, expect, test } from "vitest";
import { cricParameters } from "../../../components/harvester/cric";
import { jobTemplate } from "../../../components/harvester/jobTemplate";
import { changedJob } from "../../lab/site/harvesterChanges";
import type { CricQueue, HarvesterView, Job } from "../../lab/site/harvesterJob";
import { verdictOf, type Listed } from "../../lab/site/harvesterVerdict";
import { CVMFS, harvesterSite, QUEUE } from "./harvesterSite";

const site = harvesterSite({ cvmfs: CVMFS.host });
const cric = cricParameters(QUEUE, site.queues[QUEUE]) as CricQueue;

function view(params: Record<string, unknown> = {}, mode: "PULL" | "PUSH" = "PULL"): HarvesterView {
  return {
    queue: QUEUE,
    cric: { ...cric, params: { ...cric.params, ...params } },
    mode,
    harvesterId: "double",
    proxySecretPath: "/proxy/x509up_u25606_prod",
  };
}

const ONE = { workerId: 7, cores: 1, memoryMb: 1750 };
const EIGHT = { workerId: 8, cores: 8, memoryMb: 14_000 };

/** A template that leaves everything to Harvester. */
function bare(pod: object = {}, metadata?: object): object {
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: "grid-job" },
    spec: { template: { metadata, spec: { containers: [{ name: "first" }, { name: "second" }], ...pod } } },
  };
}

function podOf(job: Job) {
  const { metadata, spec } = job.spec.template;
  return { ...spec, metadata, container: spec.containers[0] };
}

describe("Harvester's changes", () => {
  test("of our template: name, labels, sizes, start-up script; the rest stays", () => {
    const template = jobTemplate(known(site), site.queues[QUEUE]) as Job;
    const before = structuredClone(template);
    const job = changedJob(template, EIGHT, view());
    expect(template).toEqual(before);
    const [ours, pod] = [template.spec.template.spec, podOf(job)];
    expect(job.metadata).toEqual({ name: "grid-job-8" });
    expect(pod.metadata).toEqual({ labels: { resourceType: "MCORE", prodSourceLabel: "unified", pq: QUEUE } });
    expect(pod.container.resources).toEqual({
      requests: { cpu: "7.2", memory: "14000.0Mi", "ephemeral-storage": "40000.0Mi" },
      limits: { cpu: "8", "ephemeral-storage": "52000.0Mi" },
    });
    expect(pod.volumes).toEqual([...ours.volumes!, { name: "pilots-starter", configMap: { name: "pilots-starter" } }]);
    expect(pod.activeDeadlineSeconds).toBe(96 * 3600);
    for (const key of ["affinity", "priorityClassName", "securityContext", "nodeSelector", "restartPolicy"]) {
      expect([key, pod[key as "affinity"]]).toEqual([key, ours[key]]);
    }
    expect([pod.container.command, pod.container.image]).toEqual([
      ours.containers[0].command,
      ours.containers[0].image,
    ]);
    expect(job.spec.ttlSecondsAfterFinished).toBe(86_400);
  });

  test("a job of one core gets an eighth of memory and scratch", () => {
    const { container } = podOf(changedJob(jobTemplate(known(site), site.queues[QUEUE]), ONE, view()));
    expect(container.resources).toEqual({
      requests: { cpu: "0.9", memory: "1750.0Mi", "ephemeral-storage": "5000.0Mi" },
      limits: { cpu: "1", "ephemeral-storage": "6500.0Mi" },
    });
    const variables = Object.fromEntries(container.env!.map(({ name, value }) => [name, value]));
    expect(variables).toMatchObject({
      resourceType: "SCORE",
      K8S_JOB_ID: "grid-job-7",
      TMPDIR: "/pilotdir",
      storageRequestMiB: "5000.0",
      storageLimitMiB: "6500.0",
      PILOT_NOKILL: "True",
    });
  });

  test("push mode brings the job by a ConfigMap of the worker's number, pull mode brings none", () => {
    const push = podOf(changedJob(jobTemplate(known(site), site.queues[QUEUE]), EIGHT, view({}, "PUSH")));
    expect(push.volumes).toContainEqual({ name: "job-config", configMap: { name: "8" } });
    expect(push.container.volumeMounts).toContainEqual({ name: "job-config", mountPath: "/scratch/jobconfig" });
    const pull = podOf(changedJob(jobTemplate(known(site), site.queues[QUEUE]), EIGHT, view()));
    expect(pull.volumes!.map(({ name }) => name)).not.toContain("job-config");
  });

  test("a template's own pod labels are lost, its annotations stay, and only its first container stays", () => {
    const given = { labels: { mine: "yes" }, annotations: { note: "kept" } };
    const pod = podOf(changedJob(bare({}, given), ONE, view()));
    expect(pod.metadata).toMatchObject({ annotations: { note: "kept" } });
    expect(Object.keys((pod.metadata as { labels: object }).labels)).toEqual(["resourceType", "prodSourceLabel", "pq"]);
    expect(pod.containers.map(({ name }) => name)).toEqual(["first"]);
  });

  test("a template without them gets command, scratch, image of CRIC", () => {
    const pod = podOf(changedJob(bare(), ONE, view({ "k8s.host_image": "registry.example/grid:1" })));
    expect(pod.container.image).toBe("registry.example/grid:1");
    expect(pod.container.args).toEqual(["-c", "cd; python3 $EXEC_DIR/pilots_starter.py"]);
    expect(pod.volumes).toContainEqual({ name: "pilot-dir", emptyDir: {} });
    expect(pod.container.volumeMounts).toContainEqual({ name: "pilot-dir", mountPath: "/pilotdir" });
  });

  test("affinity is added to one-core jobs, and only where the template has none", () => {
    const wanted = { "k8s.scheduler.use_score_mcore_affinity": true };
    expect(podOf(changedJob(bare(), ONE, view(wanted))).affinity).toHaveProperty("podAffinity");
    expect(podOf(changedJob(bare(), EIGHT, view(wanted))).affinity).toBeUndefined();
    expect(podOf(changedJob(bare({ affinity: {} }), ONE, view(wanted))).affinity).toEqual({});
    expect(
      podOf(changedJob(jobTemplate(known(site), site.queues[QUEUE]), ONE, view(wanted))).affinity,
    ).not.toHaveProperty("podAffinity");
  });

  test("figures of the template win over Harvester's", () => {
    const given = { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "2", "ephemeral-storage": "1Gi" } };
    const pod = bare({
      containers: [{ name: "first", resources: given }],
      priorityClassName: "mine",
      activeDeadlineSeconds: 60,
    });
    const changed = podOf(changedJob(pod, ONE, view({ "k8s.scheduler.priorityClassName": "theirs" })));
    expect(changed.container.resources).toEqual({
      requests: { cpu: "1", memory: "1Gi", "ephemeral-storage": "5000.0Mi" },
      limits: { cpu: "2", "ephemeral-storage": "1Gi" },
    });
    expect([changed.priorityClassName, changed.activeDeadlineSeconds]).toEqual(["mine", 60]);
  });

  test("CRIC switches storage and deadline off and a memory limit on", () => {
    const params = {
      "k8s.resources.use_ephemeral_storage_resource_specs": false,
      "k8s.use_active_deadline_seconds": false,
      "k8s.resources.limits.use_memory_limit": true,
      "k8s.resources.limits.memory_limit_safety_factor": 150,
    };
    const pod = podOf(changedJob(bare(), { ...ONE, memoryMb: 2000 }, view(params)));
    expect(pod.container.resources).toEqual({
      requests: { cpu: "0.9", memory: "2000.0Mi" },
      limits: { cpu: "1", memory: "3000.0Mi" },
    });
    expect(pod.activeDeadlineSeconds).toBeUndefined();
    expect(podOf(changedJob(bare(), { ...ONE, memoryMb: 4 }, view())).container.resources!.requests).not.toHaveProperty(
      "memory",
    );
  });
});

describe("Harvester's verdict", () => {
  const named = { metadata: { name: "grid-job-1" } };
  const pod = (status: Listed["status"]): Listed => ({ ...named, status });
  const job = (...conditions: [string, string?][]): Listed => ({
    ...named,
    status: { conditions: conditions.map(([type, message]) => ({ type, status: "True", message })) },
  });
  const waiting = (reason: string) =>
    pod({ phase: "Pending", containerStatuses: [{ state: { waiting: { reason } } }] });

  test.each<[string, Listed | undefined, Listed | undefined, string]>([
    ["a pod that waits for a node", pod({ phase: "Pending" }), job(), "submitted"],
    ["a pod whose image cannot be pulled", waiting("ImagePullBackOff"), job(), "submitted"],
    ["a pod whose mount fails", waiting("FailedMount"), job(), "failed"],
    ["a running pod", pod({ phase: "Running" }), job(), "running"],
    ["a pod that succeeded", pod({ phase: "Succeeded" }), job(["Complete"]), "finished"],
    ["a pod that failed", pod({ phase: "Failed" }), job(["Failed"]), "failed"],
    ["a pod that is gone, its Job complete", undefined, job(["Complete"]), "finished"],
    ["a pod that is gone, its Job failed", undefined, job(["Failed", "backoff"]), "failed"],
    ["a suspended Job", undefined, job(["Suspended"]), "submitted"],
    ["a Job for which no pod could be made", undefined, job(), "cancelled"],
    ["a Job that is not found", undefined, undefined, "cancelled"],
  ])("on %s", (_, seenPod, seenJob, state) => {
    expect(verdictOf(seenPod, seenJob).state).toBe(state);
  });

  test("says why a pod failed", () => {
    const failed = pod({
      phase: "Failed",
      containerStatuses: [{ state: { terminated: { reason: "Error", exitCode: 64 } } }],
    });
    expect(verdictOf(failed, undefined)).toEqual({ state: "failed", reason: "exit code 64; Error" });
  });
});
