/** Programs that watch a site and ship its logs, as the inventory holds them. */
import type { Binary, Module } from "./module";

/** Variable that programs of the Prometheus family print as their version. */
const prometheusStamp = "github.com/prometheus/common/version.Version";

function stamped(version: string): Record<string, string> {
  return { [prometheusStamp]: version, "github.com/prometheus/common/version.Revision": "built-from-go-modules" };
}

function prometheus(name: string, purpose: string): Binary {
  const path = `github.com/prometheus/prometheus/cmd/${name}`;
  // Go allows no v3 without a changed import path, so upstream tags its release 3.16.0 a second time as v0.316.0.
  return { name, version: "3.16.0", moduleVersion: "0.316.0", package: path, purpose };
}

function alertmanager(name: string, purpose: string): Binary {
  return { name, version: "0.34.2", package: `github.com/prometheus/alertmanager/cmd/${name}`, purpose };
}

/** In the order of building, longest first. */
export const monitoringModules: readonly Module[] = [
  {
    folder: "prometheus",
    stamps: stamped("3.16.0"),
    // Of two dozen kinds of service discovery a site uses one, and the others' cloud clients are most of the program.
    tags: ["remove_all_sd", "enable_kubernetes_sd"],
    binaries: [
      prometheus("prometheus", "metrics and alerts: the API alone, the pages of its interface are not served"),
      prometheus("promtool", "checks and tests rules"),
    ],
  },
  {
    folder: "otelcol",
    stamps: { "main.version": "0.165.0" },
    binaries: [
      {
        name: "otelcol",
        version: "0.165.0",
        package: ".",
        purpose: "log shipper: upstream's parts of the OpenTelemetry Collector, the few in use, under a main of ours",
      },
    ],
  },
  {
    folder: "kube-state-metrics",
    stamps: stamped("2.20.0"),
    binaries: [
      {
        name: "kube-state-metrics",
        version: "2.20.0",
        package: "k8s.io/kube-state-metrics/v2",
        purpose: "objects of the Kubernetes API as metrics",
      },
    ],
  },
  {
    folder: "kube-rbac-proxy",
    stamps: {
      "k8s.io/component-base/version.gitVersion": "v0.22.1",
      "k8s.io/component-base/version.gitCommit": "built-from-go-modules",
      "k8s.io/component-base/version/verflag.programName": "kube-rbac-proxy",
    },
    binaries: [
      {
        name: "kube-rbac-proxy",
        version: "0.22.1",
        package: "github.com/brancz/kube-rbac-proxy/cmd/kube-rbac-proxy",
        purpose: "lets only those read metrics whom the Kubernetes API allows",
      },
    ],
  },
  {
    folder: "alertmanager",
    stamps: stamped("0.34.2"),
    // The program embeds a folder that upstream makes from the interface; the module lacks it, and it must hold a file.
    additions: {
      module: "github.com/prometheus/alertmanager",
      files: { "ui/app/dist/no-interface.txt": "additions/no-interface.txt" },
    },
    binaries: [
      alertmanager("alertmanager", "sends alerts: the API alone, the pages of its interface are not served"),
      alertmanager("amtool", "checks Alertmanager's configuration"),
    ],
  },
  {
    folder: "node-exporter",
    stamps: stamped("1.12.1"),
    binaries: [
      {
        name: "node_exporter",
        version: "1.12.1",
        package: "github.com/prometheus/node_exporter",
        purpose: "a machine's own metrics",
      },
    ],
  },
  {
    folder: "squid-exporter",
    stamps: stamped("1.13.0"),
    binaries: [
      {
        name: "squid-exporter",
        version: "1.13.0",
        package: "github.com/boynux/squid-exporter",
        purpose: "squid's counters as metrics",
      },
    ],
  },
];
