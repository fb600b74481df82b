import { accountingPresent } from "../../../../policies/monitoring/accountingPresent";
import { alertsRouted } from "../../../../policies/monitoring/alertsRouted";
import { logArchiveKept } from "../../../../policies/monitoring/logArchiveKept";
import { logsEncrypted } from "../../../../policies/monitoring/logsEncrypted";
import { logsShipped } from "../../../../policies/monitoring/logsShipped";
import { prometheusRetention } from "../../../../policies/monitoring/prometheusRetention";
import { stateMetricsLabels } from "../../../../policies/monitoring/stateMetricsLabels";
import { stateMetricsNoSecrets } from "../../../../policies/monitoring/stateMetricsNoSecrets";
import type { PolicyCases } from "../policyCases";

const SERVICE = "apiVersion: v1\nkind: Service\nmetadata: { name: s, namespace: n }\n";
const NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: { name: n }\n";

function workload(kind: string, image: string, args: string, more = ""): string {
  const container = `{ name: a, image: ${image}, args: ${args} }`;
  const template = `{ spec: { containers: [{ name: b, image: other/sidecar }, ${container}] ${more} } }`;
  return `apiVersion: apps/v1\nkind: ${kind}\nmetadata: { name: w, namespace: n }\nspec:\n  template: ${template}\n`;
}

const CLAIM = ", volumes: [{ name: data, persistentVolumeClaim: { claimName: c } }]";
const prometheus = (args: string, more = CLAIM) =>
  workload("StatefulSet", "quay.io/prometheus/prometheus:v3.16.0", args, more);
const stateMetrics = (args: string) =>
  workload("Deployment", "registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.20.0@sha256:0", args);

function cronJob(image: string): string {
  const pod = `{ containers: [{ name: a, image: ${image} }] }`;
  return `---\napiVersion: batch/v1\nkind: CronJob\nmetadata: { name: c, namespace: n }\nspec: { jobTemplate: { spec: { template: { spec: ${pod} } } } }\n`;
}

function rules(alert: string): string {
  return `apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: { name: r, namespace: n }\nspec: { groups: [{ name: g, rules: [{ record: a, expr: b }, ${alert}] }] }\n`;
}

function ruleText(alert: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: r, namespace: n }\ndata:\n  rules.yml: |\n    groups:\n      - name: g\n        rules:\n          - alert: ${alert}\n`;
}

const shipper = (kind: string, image = "docker.io/otel/opentelemetry-collector-contrib:0.165.0") =>
  workload(kind, image, "[]");

function collector(exporter: string, pipeline = "logs"): string {
  const lines = [
    ...["receivers: {}", "exporters:", "  debug: {}", `  otlp_http: ${exporter}`, "service:", "  pipelines:"],
    `    ${pipeline}: { receivers: [], exporters: [debug, otlp_http] }`,
  ];
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c, namespace: n }\ndata:\n  config.yaml: |\n${lines.map((line) => `    ${line}\n`).join("")}`;
}

/** Cases of the policies on monitoring and accounting. */
export const cases: readonly PolicyCases[] = [
  {
    policy: prometheusRetention,
    pass: {
      "62 days": prometheus('["--storage.tsdb.retention.time=62d"]'),
      "in the command": prometheus("[]").replace("args: []", 'command: ["--storage.tsdb.retention.time=62d"]'),
      "in other units": prometheus('["--storage.tsdb.retention.time=8w6d"]'),
      "a claim by template": `${prometheus('["--storage.tsdb.retention.time=1y"]', "")}  volumeClaimTemplates: [{ metadata: { name: data } }]\n`,
    },
    fail: {
      "the default": { given: prometheus("[]"), tells: "metrics are kept for 15 of 62 days" },
      "too short": {
        given: prometheus('["--storage.tsdb.retention.time=30d"]'),
        tells: "spec.template.spec.containers[1].args[0]: metrics are kept for 30 of 62 days",
      },
      "no duration": { given: prometheus('["--storage.tsdb.retention.time=long"]'), tells: "kept for 0 of 62 days" },
      "too short for this site": {
        given: prometheus('["--storage.tsdb.retention.time=62d"]'),
        tells: "62 of 121 days",
        settings: { accountingDays: 90 },
      },
      "no volume": { given: prometheus('["--storage.tsdb.retention.time=1y"]', ""), tells: "there is no claim" },
    },
    notApplicable: { "another program": stateMetrics("[]"), "a service": SERVICE },
    unknown: { "the arguments": prometheus("!unknown x") },
  },
  {
    policy: stateMetricsLabels,
    pass: {
      "the three": stateMetrics('["--metric-labels-allowlist=jobs=[*],pods=[resourceType,prodSourceLabel,pq]"]'),
      all: stateMetrics('["--metric-labels-allowlist=pods=[*]"]'),
    },
    fail: {
      none: { given: stateMetrics("[]"), tells: "it does not show resourceType, prodSourceLabel, pq" },
      "one missing": {
        given: stateMetrics('["--metric-labels-allowlist=pods=[resourceType,prodSourceLabel]"]'),
        tells: "spec.template.spec.containers[1].args[0]: it does not show pq",
      },
      "of other objects": {
        given: stateMetrics('["--metric-labels-allowlist=jobs=[resourceType,prodSourceLabel,pq]"]'),
        tells: "it does not show resourceType",
      },
    },
    notApplicable: {
      "another program": prometheus("[]"),
      "one without pods": stateMetrics('["--resources=secrets"]'),
    },
    unknown: { "the arguments": stateMetrics("!unknown x") },
  },
  {
    policy: stateMetricsNoSecrets,
    pass: { "a list without": stateMetrics('["--resources=pods,jobs"]') },
    fail: {
      "by default": { given: stateMetrics("[]"), tells: "it watches secrets everywhere" },
      "on purpose": { given: stateMetrics('["--resources=pods,secrets"]'), tells: "containers[1].args[0]" },
    },
    notApplicable: { "named namespaces": stateMetrics('["--namespaces=n"]'), "another program": prometheus("[]") },
    unknown: { "the image": workload("Deployment", "!unknown x", "[]") },
  },
  {
    policy: accountingPresent,
    pass: {
      "a pledged site with it": {
        given: NAMESPACE + cronJob("ghcr.io/rptaylor/kuantifier:1.3.2"),
        settings: { pledged: true },
      },
      "its part that reads the metrics": {
        given: NAMESPACE + cronJob("hub.example/iris-hep/kuantifier-processor:1.0.2"),
        settings: { pledged: true },
      },
    },
    fail: {
      "a pledged site without": {
        given: NAMESPACE + cronJob("other/program:1"),
        tells: "nothing runs one of kuantifier",
        settings: { pledged: true },
      },
    },
    notApplicable: { "a site without a pledge": NAMESPACE, "a service": SERVICE },
    unknown: { "what runs": { given: NAMESPACE + cronJob("!unknown x"), settings: { pledged: true } } },
  },
  {
    policy: alertsRouted,
    pass: {
      "an object": rules("{ alert: A, labels: { severity: page }, annotations: { runbook_url: 'https://a.example' } }"),
      "a text": ruleText(
        "A\n            labels: { severity: page }\n            annotations: { runbook_url: 'https://a.example' }",
      ),
    },
    fail: {
      "no severity": {
        given: rules("{ alert: A, annotations: { runbook_url: 'https://a.example' } }"),
        tells: "spec.groups[0].rules[1]: alert A has no labels.severity",
      },
      "neither, in a text": {
        given: ruleText("A"),
        tells: "alert A has no labels.severity and no annotations.runbook_url",
      },
    },
    notApplicable: {
      "recording rules": rules("{ record: c, expr: d }"),
      "a config map of something else":
        "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c, namespace: n }\ndata: { a: b }\n",
    },
    unknown: { "the labels": rules("{ alert: A, labels: !unknown x, annotations: { runbook_url: a } }") },
  },
  {
    policy: logsShipped,
    pass: { "the collector": `${NAMESPACE}---\n${shipper("DaemonSet")}` },
    fail: {
      nothing: { given: NAMESPACE, tells: "no DaemonSet ships logs" },
      "another program": {
        given: `${NAMESPACE}---\n${shipper("DaemonSet", "quay.io/prometheus/node-exporter:v1")}`,
        tells: "no DaemonSet ships logs",
      },
      "not on every node": { given: `${NAMESPACE}---\n${shipper("Deployment")}`, tells: "no DaemonSet ships logs" },
    },
    notApplicable: { "no namespace": SERVICE },
    unknown: { "the image": `${NAMESPACE}---\n${shipper("DaemonSet", "!unknown x")}` },
  },
  {
    policy: logArchiveKept,
    pass: {
      "as long as asked": { given: shipper("DaemonSet"), settings: { logArchiveDays: 90 } },
      longer: { given: shipper("DaemonSet"), settings: { logArchiveDays: 180 } },
    },
    fail: {
      "too short": {
        given: shipper("DaemonSet"),
        settings: { logArchiveDays: 30 },
        tells: "the archive keeps logs for 30 of 90 days",
      },
      "too short for this site": {
        given: shipper("DaemonSet"),
        settings: { logArchiveDays: 90, auditDays: 180 },
        tells: "90 of 180 days",
      },
    },
    notApplicable: { "another program": shipper("DaemonSet", "a/b:1"), "not said": shipper("DaemonSet") },
    unknown: { "the image": { given: shipper("DaemonSet", "!unknown x"), settings: { logArchiveDays: 180 } } },
  },
  {
    policy: logsEncrypted,
    pass: {
      https: collector("{ endpoint: https://logs.example }"),
      "to a collector beside it": collector("{ endpoint: http://127.0.0.1:4318 }"),
    },
    fail: {
      http: {
        given: collector("{ endpoint: http://192.0.2.1:4318 }"),
        tells: "logs go to http://192.0.2.1:4318 in clear",
      },
      "gRPC without TLS": {
        given: collector("{ endpoint: logs.example:4317, tls: { insecure: true } }"),
        tells: "TLS is turned off for logs",
      },
      "an address for logs only": {
        given: collector("{ logs_endpoint: http://logs.example/v1/logs }", "logs/audit"),
        tells: "exporters.otlp_http.logs_endpoint",
      },
      "one of a list": {
        given: collector("{ endpoints: [https://a.example, http://b.example] }"),
        tells: "exporters.otlp_http.endpoints[1]",
      },
      "an operator's object": {
        given:
          "apiVersion: opentelemetry.io/v1beta1\nkind: OpenTelemetryCollector\nmetadata: { name: c, namespace: n }\nspec: { config: { exporters: { otlp_http: { endpoint: http://a.example } }, service: { pipelines: { logs: { exporters: [otlp_http] } } } } }\n",
        tells: "spec.config.exporters.otlp_http.endpoint",
      },
    },
    notApplicable: {
      "another text": ruleText("a"),
      "a service": SERVICE,
      "traces only": collector("{ endpoint: http://tempo:4318 }", "traces"),
    },
    unknown: {
      "the text": "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c, namespace: n }\ndata: { a: !unknown x }\n",
    },
  },
];
