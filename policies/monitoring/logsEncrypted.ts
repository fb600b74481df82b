import { own } from "../model/frameworks";
import { parse } from "yaml";
import { Field } from "../model/field";
import { each, notApplicable, violation, type ObjectPolicy } from "../model/policy";
import type { KubernetesObject } from "../model/objects";

/** Keys of an exporter that hold the address it sends logs to. */
const ADDRESSES = ["endpoint", "logs_endpoint", "url"];

/** Logs are readable to the archive alone. */
export const logsEncrypted: ObjectPolicy = {
  kind: "object",
  name: "logs-encrypted",
  title: "Logs go to their archive by TLS",
  why: "Audit logs and the output of jobs name users, addresses and files; in clear, everybody on the way can read them, or write some.",
  level: "advisory",
  severity: "medium",
  frameworks: [own("TLS where the target has it")],
  remediation: "Give the exporter an endpoint with https://, and do not set tls.insecure.",
  kinds: ["ConfigMap", "opentelemetry.io/OpenTelemetryCollector"],
  check: (object) => {
    const exporters = configurationsOf(object).flatMap(logExportersOf);
    if (exporters.length === 0) {
      return notApplicable("this configures no OpenTelemetry Collector that exports logs");
    }
    return each(exporters, (exporter) => {
      const plain = addressesOf(exporter).filter((address) => isRemote(address, "http:"));
      const insecure = exporter.at("tls", "insecure");
      const unencrypted = insecure.is(true) && addressesOf(exporter).some((address) => isRemote(address));
      return [
        ...plain.map((address) => violation(address, `logs go to ${address.text ?? ""} in clear`)),
        ...(plain.length === 0 && unencrypted ? [violation(insecure, "TLS is turned off for logs")] : []),
      ];
    });
  },
};

/** Configurations of a collector: texts in a ConfigMap, or the object's own. */
function configurationsOf({ kind, root }: KubernetesObject): Field[] {
  if (kind === "ConfigMap") {
    return root.at("data").entries.flatMap(([, file]) => read(file));
  }
  const config = root.at("spec", "config");
  return config.text === undefined ? [config] : read(config);
}

function read(file: Field): Field[] {
  const text = file.text ?? "";
  if (!/^exporters:/m.test(text) || !/^receivers:/m.test(text)) {
    return [];
  }
  try {
    return [new Field(parse(text, { logLevel: "silent" }), file.path)];
  } catch {
    // No YAML, so no collector can read it.
    return [];
  }
}

/** Exporters that a pipeline for logs names: those for traces and metrics carry no user's output. */
function logExportersOf(configuration: Field): Field[] {
  const pipelines = configuration.at("service", "pipelines").entries;
  const names = pipelines
    .filter(([name]) => name === "logs" || name.startsWith("logs/"))
    .flatMap(([, pipeline]) => pipeline.at("exporters").texts);
  return [...new Set(names)]
    .map((name) => configuration.at("exporters", name))
    .filter((exporter) => exporter.present && addressesOf(exporter).length > 0);
}

function addressesOf(exporter: Field): Field[] {
  const single = ADDRESSES.map((key) => exporter.at(key));
  return [...single, ...exporter.at("endpoints").items].filter((address) => address.text !== undefined);
}

/** Whether an address is another machine's, by this protocol if one is named. */
function isRemote(address: Field, protocol = ""): boolean {
  const text = address.text ?? "";
  const host = text.replace(/^[a-z][a-z0-9+.-]*:\/\//i, "");
  return text.toLowerCase().startsWith(protocol) && !/^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?=[:/]|$)/.test(host);
}
