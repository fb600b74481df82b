/** The sections that watch the site: monitoring, shipping of logs, accounting. */
import { z } from "zod";
import { count, dnsLabel, objectName, setOf, text } from "./parts";

const plainUrl = (example: string) =>
  text(
    "an http or https URL that does not end in '/'",
    /^https?:\/\/[a-z0-9][a-z0-9.-]*(:\d{2,5})?(\/[A-Za-z0-9._-]+)*$/,
    example,
  );

const minutes = count.meta({ unit: "minutes" });
const percent = z.int().min(1).max(100).meta({ unit: "percent" });

const thresholds = z
  .strictObject({
    wallclockSuccessPercent: percent
      .default(94)
      .describe("Least share of core time spent in pods that succeeded; 94 is what the paper's sites reached."),
    wallclockMinutes: minutes.default(360).describe("How long that share must be too low."),
    strandedPercent: percent
      .default(5)
      .describe("Most cores that may lie idle on partly filled nodes while a large job waits, of all batch cores."),
    strandedMinutes: minutes.default(30).describe("How long that many must lie idle."),
    jobFailurePercent: percent.default(10).describe("Most Jobs that may fail, of those that ended."),
    jobFailureLeast: count.meta({ unit: "Jobs" }).default(20).describe("Ended Jobs below which no share is judged."),
    jobFailureMinutes: minutes.default(30).describe("How long that share must be too high."),
    nodeFailures: count
      .meta({ unit: "pods" })
      .default(5)
      .describe("Pods that may fail on one node within `jobFailureMinutes` while none succeeds there."),
    pendingMinutes: minutes.default(60).describe("How long a pod of one core may wait for a node."),
    pendingLargeMinutes: minutes.default(180).describe("How long a pod of the queue's largest job may wait."),
    noStartMinutes: minutes.default(180).describe("How long no pod may start while some wait."),
    startingMinutes: minutes
      .default(15)
      .describe("How long a pod that has a node may take to start: image pulls, mounts."),
    credentialMinutes: minutes
      .default(60)
      .describe("Age at which Harvester's proxy is overdue; Harvester renews it every 30 minutes."),
    nodeMinutes: minutes.default(10).describe("How long a node may not be Ready."),
    nodesPercent: percent.default(5).describe("Most nodes that may be not Ready at once."),
    cvmfsMinutes: minutes.default(5).describe("How long a repository may be unreadable on a node."),
    squidMinutes: minutes.default(5).describe("How long a squid may be away."),
    volumePercent: percent.default(85).describe("How full a volume of a service may be."),
  })
  .prefault({})
  .describe("When alerts are raised. Every default is a place to start from, for a site of some hundred nodes.");

const prometheus = z
  .strictObject({
    mode: z.literal("prometheus").describe("Prometheus, Alertmanager and exporters of the site's own."),
    pool: dnsLabel.describe("Pool they run on; one with role services or control-plane."),
    retentionDays: count
      .meta({ unit: "days" })
      .default(120)
      .describe("How long Prometheus keeps its data; accounting needs two months and the one before."),
    volumeGb: count.meta({ unit: "GB" }).default(50).describe("Prometheus' volume."),
    memoryMb: z
      .int()
      .min(256)
      .meta({ unit: "MiB" })
      .default(4096)
      .describe("Most memory of Prometheus; UVic gave it 16 to 64 GiB for 7,000 cores."),
    scrapeSeconds: z
      .int()
      .min(5)
      .max(120)
      .meta({ unit: "seconds" })
      .default(30)
      .describe(
        "Time between two scrapes; Prometheus forgets a value after five minutes, and two may fail before that.",
      ),
    routes: z
      .array(
        z
          .strictObject({
            receiver: text(
              "the name of a receiver: letters, digits, '_', '.' and '-'",
              /^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/,
              "operators",
            ).describe("Name of a receiver in the secret key `atlas-site:alertReceivers`."),
            severities: setOf(z.enum(["critical", "warning", "info"]))
              .refine((severities) => severities.length > 0, { error: "at least 1 item" })
              .default(["critical", "warning"])
              .describe("Severities of alerts it gets."),
            repeatHours: count.meta({ unit: "hours" }).default(12).describe("Until a lasting alert is told again."),
          })
          .describe("Alerts of these severities go to this receiver."),
      )
      .default([])
      .describe("Receivers of alerts; empty: alerts are shown and sent nowhere."),
    runbookUrl: plainUrl("https://git.example/site/blob/main/docs/runbooks")
      .optional()
      .describe(
        "Address of the folder docs/runbooks where operators read it; `/<alert>.md` is appended for an alert's `runbook_url`. Absent: the path in the repository.",
      ),
    grafana: z
      .strictObject({
        adminSecret: objectName("the name of a Secret", "grafana-admin")
          .default("grafana-admin")
          .describe(
            "Secret in the namespace of monitoring that the operator makes, with keys `admin-user` and `admin-password`.",
          ),
      })
      .optional()
      .describe("Grafana with the site's dashboards; absent: none. Nobody enters without a password."),
    thresholds,
  })
  .describe("Prometheus in the cluster.");

/** How the site is watched. */
export const monitoringSchema = z.discriminatedUnion("mode", [
  z
    .strictObject({ mode: z.literal("none").describe("The site is not watched, or by something of its admins' own.") })
    .describe("No monitoring."),
  prometheus,
]);

/** Where logs go. */
export const logsSchema = z.discriminatedUnion("mode", [
  z
    .strictObject({ mode: z.literal("none").describe("Logs stay on the machines and go with them.") })
    .describe("No shipping of logs; the policies advise against it."),
  z
    .strictObject({
      mode: z.literal("otlp").describe("An archive that takes OpenTelemetry logs over HTTP."),
      endpoint: plainUrl("https://logs.example:4318").describe(
        "The archive's address, without `/v1/logs`. A token for it is the secret key `atlas-site:logToken`.",
      ),
      retentionDays: count
        .meta({ unit: "days" })
        .default(180)
        .describe("How long the archive keeps them, as agreed with those who run it; WLCG asks for at least 90."),
      containers: z
        .enum(["all", "jobs", "none"])
        .default("all")
        .describe("Which containers' output is sent beside the audit log: all, those of the queues' jobs, or none."),
    })
    .describe("API audit log and container logs leave the machines as they are written."),
]);

/** How the site's use is accounted. */
export const accountingSchema = z.discriminatedUnion("mode", [
  z.strictObject({ mode: z.literal("none").describe("No records are sent.") }).describe("No accounting records."),
  z
    .strictObject({
      mode: z.literal("kuantifier").describe("Kuantifier makes APEL records from Prometheus, once a day."),
      siteName: text("a site's name in GOCDB", /^[A-Za-z0-9][A-Za-z0-9._-]{0,98}$/, "CA-VICTORIA-WESTGRID-T2").describe(
        "Name of the site in GOCDB.",
      ),
      vo: dnsLabel.default("atlas").describe("Virtual organisation of all jobs."),
      hs06PerCore: z
        .number()
        .positive()
        .meta({ title: "a number of HS06 above 0", examples: [12.5] })
        .describe("Benchmark of a core, of the batch machines' mean."),
      certificateSecret: objectName("the name of a Secret", "accounting-certificate")
        .default("accounting-certificate")
        .describe(
          "Secret in the namespace of accounting that the operator makes, with keys `tls.crt` and `tls.key`; signs the records.",
        ),
      server: text("a host name", /^[a-z0-9][a-z0-9.-]*$/, "msg.example")
        .default("msg.argo.grnet.gr")
        .describe("Host of the message service that takes the records."),
    })
    .describe("APEL records by Kuantifier."),
]);
