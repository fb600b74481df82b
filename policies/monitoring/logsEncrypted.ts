import { parse } from "yaml";
import { Field } from "../model/field";
import { notApplicable, violation, type ObjectPolicy } from "../model/policy";

/** Logs are read by the archive alone. */
export const logsEncrypted: ObjectPolicy = {
  kind: "object",
  name: "logs-encrypted",
  title: "Logs go to their archive by TLS",
  why: "Audit logs and the output of jobs name users, addresses and files; in clear, everybody on the way reads them, or writes some.",
  level: "advisory",
  severity: "medium",
  frameworks: [{ framework: "atlas-site", version: "1", control: "TLS where the target has it" }],
  remediation: "Give the exporter an endpoint with https://.",
  kinds: ["ConfigMap"],
  check: ({ root }) => {
    const exporters = root.at("data").entries.flatMap(([, file]) => exportersOf(file));
    if (exporters.length === 0) {
      return notApplicable("this configures no OpenTelemetry Collector");
    }
    return exporters
      .filter((endpoint) => endpoint.text?.startsWith("http://") === true)
      .map((endpoint) => violation(endpoint, `logs go to ${endpoint.text ?? ""} in clear`));
  },
};

/** The addresses that a collector's configuration sends to, when the text is one. */
function exportersOf(file: Field): Field[] {
  const text = file.text ?? "";
  if (!/^exporters:/m.test(text) || !/^receivers:/m.test(text)) {
    return [];
  }
  try {
    const configuration = new Field(parse(text, { logLevel: "silent" }), file.path);
    return configuration
      .at("exporters")
      .entries.map(([, exporter]) => exporter.at("endpoint"))
      .filter(({ present }) => present);
  } catch {
    // No YAML, so no collector reads it.
    return [];
  }
}
