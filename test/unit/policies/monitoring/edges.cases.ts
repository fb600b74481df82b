import { accountingPresent } from "../../../../policies/monitoring/accountingPresent";
import { alertsRouted } from "../../../../policies/monitoring/alertsRouted";
import { logsEncrypted } from "../../../../policies/monitoring/logsEncrypted";
import { logsShipped } from "../../../../policies/monitoring/logsShipped";
import { prometheusRetention } from "../../../../policies/monitoring/prometheusRetention";
import { stateMetricsLabels } from "../../../../policies/monitoring/stateMetricsLabels";
import { stateMetricsNoSecrets } from "../../../../policies/monitoring/stateMetricsNoSecrets";
import type { MoreCases } from "../policyCases";

const workload = (kind: string, containers: string, more = "") =>
  `apiVersion: apps/v1\nkind: ${kind}\nmetadata: { name: w, namespace: n }\nspec:\n  template: { spec: { containers: [${containers}]${more} } }\n`;
const NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: { name: n }\n---\n";
const pledged = { pledged: true };

const configMap = (text: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c, namespace: n }\ndata:\n  file.yaml: |\n${text.replace(/^/gm, "    ")}\n`;
const collector = (exporters: string, pipelines = "logs: { receivers: [a], exporters: [b, c, d] }") =>
  configMap(`receivers: { a: {} }\nexporters: { ${exporters} }\nservice: { pipelines: { ${pipelines} } }`)
    .replace(/receivers: \{ a/, "receivers: { a")
    .trimEnd();
const CLEAR = "in clear";

const prometheus = (args: string) => `{ name: p, image: prom/prometheus, args: [${args}] }`;
const LONG = "--storage.tsdb.retention.time=95d";
const CLAIM = ", volumes: [{ name: e, emptyDir: {} }, { name: d, persistentVolumeClaim: { claimName: d } }]";

const stateMetrics = (...args: readonly string[]) =>
  `{ name: k, image: kube-state-metrics/kube-state-metrics:v2, args: [${args.map((arg) => `"${arg}"`).join(", ")}] }`;

/** Edges of the policies on monitoring. */
export const more: readonly MoreCases[] = [
  {
    policy: accountingPresent,
    pass: Object.fromEntries(
      ["kuantifier", "kuantifier-processor", "kapel", "auditor-apel-plugin"].map((program) => [
        `${program} by a Deployment, beside another container`,
        {
          given: `${NAMESPACE}${workload("Deployment", `{ name: a, image: x }, { name: b, image: r/${program}:1 }`)}`,
          settings: pledged,
        },
      ]),
    ),
    fail: {
      "a program of that name that nothing repeats": {
        given: `${NAMESPACE}${workload("DaemonSet", "{ name: b, image: r/kapel:1 }")}`,
        tells: "nothing runs one of kuantifier",
        settings: pledged,
      },
    },
  },
  {
    policy: alertsRouted,
    pass: {
      "an alert in JSON": configMap(
        '{"groups": [{"rules": [{\n"alert": "A", "labels": {"severity": "page"}, "annotations": {"runbook_url": "u"}}]}]}',
      ),
    },
    fail: {
      "alert, not first in its rule": {
        given: configMap("groups:\n  - rules:\n      - expr: up\n        alert: A"),
        tells: "alert A has no labels.severity",
      },
      "alert, behind several blanks": {
        given: configMap("groups:\n  - rules:\n      -   alert: A\n          expr: up"),
        tells: "alert A has no labels.severity",
      },
    },
    notApplicable: {
      "a text about alerts that is no YAML": configMap("alert: [\n"),
      "a text with an alert elsewhere than in groups": configMap("- alert: A"),
    },
  },
  {
    policy: logsEncrypted,
    pass: {
      "an address with TLS": collector("b: { endpoint: 'https://archive' }"),
      "this machine's own, without TLS": collector(
        "b: { endpoint: 'localhost:4317', tls: { insecure: true } }, c: { endpoint: '127.10.20.30', tls: { insecure: true } }, d: { endpoint: '[::1]:1', tls: { insecure: true } }",
      ),
    },
    fail: {
      "an address called url": { given: collector("b: { url: 'http://archive' }"), tells: "http://archive in clear" },
      "by capitals": { given: collector("b: { endpoint: 'HTTP://archive' }"), tells: CLEAR },
      "one of several": {
        given: collector("b: { endpoints: ['https://a', 'http://b'] }"),
        tells: "logs go to http://b in clear",
      },
      "without TLS, one address of two": {
        given: collector("b: { endpoint: localhost, logs_endpoint: 'archive:4317', tls: { insecure: true } }"),
        tells: "TLS is turned off for logs",
      },
      "a name that only begins with this machine's": {
        given: collector("b: { endpoint: 'localhost.example.org', tls: { insecure: true } }"),
        tells: "TLS is turned off",
      },
      "a name that only ends with this machine's": {
        given: collector("b: { endpoint: 'my-localhost:1', tls: { insecure: true } }"),
        tells: "TLS is turned off",
      },
      "an address whose path looks like a scheme": {
        given: collector("b: { endpoint: 'archive/http://localhost', tls: { insecure: true } }"),
        tells: "TLS is turned off",
      },
      "an object of the operator's, with a text": {
        given:
          "apiVersion: opentelemetry.io/v1beta1\nkind: OpenTelemetryCollector\nmetadata: { name: c, namespace: n }\nspec:\n  config: |\n    receivers: { a: {} }\n    exporters: { b: { endpoint: 'http://archive' } }\n    service: { pipelines: { logs: { exporters: [b] } } }\n",
        tells: CLEAR,
      },
    },
    notApplicable: {
      "a text without receivers": configMap(
        "exporters: { b: { endpoint: 'http://archive' } }\nservice: { pipelines: { logs: { exporters: [b] } } }",
      ),
      "a text without exporters of its own": configMap("receivers: { a: {} }\nmy_exporters: {}"),
      "a text in which they stand deeper": configMap(
        "x:\n  exporters: { b: { endpoint: 'http://archive' } }\n  receivers: {}\nservice: { pipelines: { logs: { exporters: [b] } } }",
      ),
      "a text that is no YAML": configMap("receivers: {\nexporters: ["),
      "an exporter that is not there": collector("e: { endpoint: 'http://archive' }"),
      "an exporter without an address": collector("b: { verbosity: detailed }"),
      "an address that is no text": collector("b: { endpoint: 1 }"),
    },
  },
  {
    policy: logsShipped,
    pass: Object.fromEntries(
      ["alloy", "filebeat", "fluent-bit", "fluentd", "opentelemetry-collector-contrib", "opentelemetry-collector-k8s"]
        .concat(["promtail", "vector"])
        .map((program) => [
          `${program}, beside another container`,
          `${NAMESPACE}${workload("DaemonSet", `{ name: a, image: x }, { name: b, image: r/${program}:1 }`)}`,
        ]),
    ),
  },
  {
    policy: prometheusRetention,
    pass: {
      "a Deployment with a claim among its volumes": workload("Deployment", prometheus(LONG), CLAIM),
    },
    fail: {
      "a Deployment with a field that only a StatefulSet has": {
        given: `${workload("Deployment", prometheus(LONG))}  volumeClaimTemplates: [{}]\n`,
        tells: "spec.template.spec.volumes: there is no claim to a volume",
      },
    },
  },
  {
    policy: stateMetricsLabels,
    pass: {
      "every label of pods, behind other kinds": workload(
        "StatefulSet",
        stateMetrics("--metric-labels-allowlist=nodes=[a],pods=[*]", "--resources=nodes,pods"),
      ),
      "each by name": workload(
        "Deployment",
        stateMetrics("--metric-labels-allowlist=pods=[resourceType,prodSourceLabel,pq],nodes=[a]"),
      ),
    },
    fail: {
      "another kind whose name ends alike": {
        given: workload("StatefulSet", stateMetrics("--metric-labels-allowlist=mypods=[*]")),
        tells: "it does not show resourceType, prodSourceLabel, pq",
      },
    },
    notApplicable: { "other kinds": workload("Deployment", stateMetrics("--resources=nodes,jobs")) },
  },
  {
    policy: stateMetricsNoSecrets,
    fail: {
      "a StatefulSet": { given: workload("StatefulSet", stateMetrics("--resources=pods,secrets")), tells: "secrets" },
    },
  },
];
