/** Examples of the cross-checks on where logs go. */
import type { Example } from "./exampleParts";

const check = "logs go to an archive outside the cluster";
const rest =
  "expected the address of an archive outside the cluster, which is still there when the cluster is not; " +
  "name the archive as the pods of the cluster reach it, or write logs.mode none";

function logs(endpoint: string): Record<string, unknown> {
  return { logs: { mode: "otlp", endpoint } };
}

/** A failing endpoint, what is said of it, and one just short of that. */
function example(endpoint: string, why: string, passes: string): Example {
  return {
    check,
    fails: logs(endpoint),
    says: [`logs.endpoint: got ${endpoint}, ${why}, ${rest}`],
    passes: logs(passes),
  };
}

/** One failing and one passing change of the small site for each. */
export const logExamples: readonly Example[] = [
  example("http://10.244.255.1:4318", "which is in network.podCidr (10.244.0.0/16)", "http://10.245.0.1:4318"),
  example("https://10.96.0.80:4318", "which is in network.serviceCidr (10.96.0.0/16)", "https://10.97.0.1:4318"),
  example("http://127.0.0.1:4318", "which is in the pod itself (127.0.0.0/8)", "http://128.0.0.1:4318"),
  example("https://otel.logs.svc:4318", "and otel.logs.svc is no name of the world outside", "https://logs.example"),
  example("https://7.svc", "and 7.svc is no name of the world outside", "https://10.96.logs.example"),
  example("https://collector", "and collector is no name of the world outside", "https://collector.example/otlp"),
  example(
    "https://logs.example:70000",
    "which is no URL: address or port are beyond what there is",
    "https://logs.example:65535",
  ),
];
