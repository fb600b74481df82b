import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { trace, traceJob } from "../../../stacks/site/commands/trace";
import { jobQuery, podQuery, podsQuery, seriesAccount, type LastValue } from "../../../stacks/site/trace/seriesAccount";
import type { Trace } from "../../../stacks/site/trace/trace";
import { traceText } from "../../../stacks/site/trace/traceText";
import { auditEvents, DIGEST, endedSeries, FIXTURES, JOB, last, POD, traced } from "./traceParts";

/** A Prometheus that has these series and is asked as the real one is, by our own three questions. */
function prometheusWith(series: readonly LastValue[]): {
  query(expression: string): Promise<LastValue[]>;
  asked: string[];
} {
  const asked: string[] = [];
  const answer = (expression: string) =>
    expression.includes("kube_job_")
      ? series.filter(({ labels }) => labels.job_name === JOB)
      : expression.includes("created_by_name")
        ? series.filter(({ labels }) => labels.created_by_name === JOB)
        : series.filter(({ labels }) => labels.pod !== undefined && expression.includes(labels.pod));
  return {
    asked,
    query(expression) {
      asked.push(expression);
      return Promise.resolve(answer(expression).map((one) => one));
    },
  };
}

describe("from Prometheus alone", () => {
  const { made, ...rest } = traced({ series: endedSeries, sources: { prometheus: { days: 7, series: 15 } } });

  test("comes node, digest, times and end, long after the cluster has forgotten", () => {
    expect(rest).toMatchObject({
      belongs: { workerId: 4711, queue: "TEST-K8S", resourceType: "SCORE", prodSourceLabel: "unified" },
      created: "2026-11-25T20:22:22Z",
      started: "2026-11-25T20:22:23Z",
      ended: "2026-11-25T20:22:24Z",
      outcome: "failed",
      pods: [
        {
          name: POD,
          node: "small-batch-0",
          cores: 0.9,
          phase: "Failed",
          containers: [{ name: "job-container", digest: DIGEST, reason: "OOMKilled" }],
        },
      ],
    });
  });

  test("comes not who made it, and that is said, with the way to know", () => {
    expect(made).toBeUndefined();
    expect(rest.missing).toEqual([
      'who made the Job, and who else touched it: give audit logs of 2026-11-25 by --logs: the archive\'s lines that contain "grid-job-4711", or /var/log/kubernetes/audit*.log of every control-plane machine',
    ]);
  });

  test.each<[string, LastValue[], Trace["outcome"]]>([
    ["complete", [last("kube_job_complete", { job_name: JOB, condition: "true" })], "succeeded"],
    ["not complete", [last("kube_job_complete", { job_name: JOB, condition: "true" }, 0)], undefined],
    ["not failed", [last("kube_job_failed", { job_name: JOB, condition: "false" })], undefined],
    ["another's failure", [last("kube_job_failed", { job_name: "grid-job-4", condition: "true" })], undefined],
  ])("a Job is judged by its own condition: %s", (_, series, outcome) => {
    expect(seriesAccount(series, JOB, "harvester").outcome).toBe(outcome);
  });

  test("a pod's series from before it had node and image, or of an exporter started anew, mislead nobody", () => {
    const before = endedSeries.map(({ labels: { node, image_id, ...labels }, value }) => ({
      labels: { ...labels, instance: "before", ...(node && { node: "" }), ...(image_id && { image_id: "" }) },
      value: labels.__name__ === "kube_pod_status_phase" ? 1 - value : value,
    }));
    const seen = (series: readonly LastValue[]) => seriesAccount(series, JOB, "harvester").pods;
    expect(seen([...before, ...endedSeries])).toEqual(seen(endedSeries));
    expect(seen([...endedSeries, ...before])).toEqual(seen(endedSeries));
  });

  test("of another namespace comes nothing", () => {
    expect(seriesAccount(endedSeries, JOB, "other")).toMatchObject({ pods: [], belongs: { workerId: 4711 } });
  });

  test("is asked for the last value of every series there was, of names as they are", () => {
    expect(jobQuery(JOB, 7)).toMatch(
      /^last_over_time\(\{__name__=~"kube_job_\([a-z_|]+\)",job_name="grid-job-4711"\}\[7d\]\)$/,
    );
    expect(podsQuery("a", 30)).toBe('last_over_time(kube_pod_info{created_by_kind="Job",created_by_name="a"}[30d])');
    expect(podQuery("n", ["a.b", "c"], 1)).toContain(String.raw`namespace="n",pod=~"a\\.b|c"}[1d])`);
  });
});

describe("from both", () => {
  const both = traced({ events: auditEvents, series: endedSeries });

  test("comes one account, where the log's is the exacter one, and nothing is missing", () => {
    expect(both.missing).toEqual([]);
    expect(both.pods).toHaveLength(1);
    expect(both.pods[0].containers).toHaveLength(1);
    expect(both.pods[0]).toMatchObject({ scheduled: "2026-11-25T20:22:23.681594Z", phase: "Failed" });
    expect(both.pods[0].containers[0]).toMatchObject({ exitCode: 137, digest: DIGEST });
    expect(both.made?.user).toBe("atlas-site:harvester");
  });

  test("each fills what the other has forgotten, and nothing one of them knew is lost", () => {
    const facts = ({ pods: [pod] }: Trace) => [pod?.node, pod?.uid, pod?.containers[0]?.digest, pod?.cores];
    fc.assert(
      fc.property(fc.subarray([...auditEvents]), fc.subarray([...endedSeries]), (events, series) => {
        const together = facts(traced({ events, series }));
        const alone = [facts(traced({ events })), facts(traced({ series }))];
        together.forEach((fact, i) => expect(fact).toBe(alone[0][i] ?? alone[1][i]));
      }),
      { numRuns: 100 },
    );
  });

  test("whoever saw the end is right: a log without its last lines leaves no pod running", () => {
    const cut = auditEvents.filter(({ requestObject }) => !JSON.stringify(requestObject ?? "").includes("OOMKilled"));
    expect(traced({ events: cut })).toMatchObject({ outcome: "running", pods: [{ phase: "Running" }] });
    expect(traced({ events: cut, series: endedSeries })).toMatchObject({
      outcome: "failed",
      pods: [{ phase: "Failed" }],
    });
    const early = endedSeries.filter(({ labels }) => !/phase|failed|completion|reason/.test(labels.__name__));
    const running = [...early, last("kube_pod_status_phase", { pod: POD, phase: "Running" })];
    expect(traced({ events: auditEvents, series: running })).toMatchObject({
      outcome: "failed",
      pods: [{ phase: "Failed" }],
    });
  });

  test("a name that was given twice is no answer, and that is said", () => {
    const later = auditEvents.map((event) => ({
      ...event,
      auditID: `later-${event.auditID}`,
      stageTimestamp: event.stageTimestamp.replace("2026-11-25", "2026-11-26"),
    }));
    expect(traced({ events: auditEvents }).recreated).toBeUndefined();
    const twice = traced({ events: [...later, ...auditEvents] });
    expect(twice.made).toEqual(traced({ events: auditEvents }).made);
    expect(twice.missing).toEqual([
      expect.stringMatching(
        /^which Job grid-job-4711: the name was given 2 times \(2026-11-25T\S+Z, 2026-11-26T\S+Z\), and pods of all are told/,
      ),
    ]);
  });

  test("what no source tells is named, and nothing else is", () => {
    const fromLog = traced({ events: auditEvents.filter(({ verb }) => verb === "create") });
    expect(fromLog.missing.map((line) => line.split(":")[0])).toEqual([`image digest of ${POD}`, "how it ended"]);
    const job = auditEvents.filter(({ objectRef, verb }) => objectRef?.resource === "jobs" && verb === "create");
    expect(traced({ events: job }).missing.map((line) => line.split(":")[0])).toEqual(["pods and node"]);
  });
});

describe("the command", () => {
  async function said(...options: string[]): Promise<string> {
    const lines: string[] = [];
    await trace("lab", (line) => lines.push(line), ...options);
    return lines.join("\n");
  }

  test("asks Prometheus for Job and pods, and tells the same by the worker's number", async () => {
    const prometheus = prometheusWith(endedSeries);
    const found = await traceJob("4711", { prometheus }, { days: 3 });
    expect(prometheus.asked.every((expression) => expression.endsWith("[3d])"))).toBe(true);
    expect(found).toEqual(traced({ series: endedSeries, sources: found.sources }));
    expect(found.sources.prometheus?.days).toBe(3);
  });

  test("wants to know which when two namespaces have a Job of the name", async () => {
    const elsewhere = endedSeries.map(({ labels, value }) => ({ labels: { ...labels, namespace: "other" }, value }));
    const prometheus = prometheusWith([...endedSeries, ...elsewhere]);
    await expect(traceJob(JOB, { prometheus })).rejects.toThrow(
      "in namespaces harvester, other: say which by --namespace",
    );
    expect((await traceJob(JOB, { prometheus }, { namespace: "other" })).namespace).toBe("other");
  });

  test("says where it looked for a Job that nobody knows", async () => {
    const prometheus = prometheusWith([]);
    await expect(traceJob("7", { prometheus, logs: [FIXTURES] })).rejects.toThrow(
      "nobody knows a Job grid-job-7: Prometheus has none in the last 7 days (--days N), and the audit logs have none; " +
        "they tell of 2026-11-25T20:22:22.723379Z to 2026-11-25T20:22:24.710747Z",
    );
  });

  test("reads a page of it from the logs alone, and takes what a shell makes of a pattern", async () => {
    const log = join(FIXTURES, "audit.log");
    const page = await said("4711", "--prometheus", "none", "--logs", log, log);
    expect(page).toBe(traceText(await traceJob("4711", { logs: [log] })).trimEnd());
    expect(page).toMatch(/^Job +grid-job-4711 in namespace harvester\nworker +4711 of Harvester test\n/);
    expect(page).toContain(
      "exec Pod grid-job-4711-gp8nj by administrator, from 127.0.0.1, with atlas-site-test, refused",
    );
    expect(page).not.toContain("undefined");
    const json = JSON.parse(await said(JOB, "--prometheus", "none", "--logs", log, "--json")) as object;
    expect(json).toMatchObject({ stack: "lab", job: JOB, outcome: "failed" });
  });

  test("refuses what it does not understand, and says what it does", async () => {
    await expect(said()).rejects.toThrow("usage: npm run site -- trace STACK JOB");
    await expect(said("4711", "more")).rejects.toThrow("usage:");
    await expect(said("4711", "--days", "0")).rejects.toThrow("--days 0: it is a whole number from 1");
  });
});
