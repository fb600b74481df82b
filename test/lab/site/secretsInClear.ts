/** Looks for the secrets of a site in everything that is written down without encryption. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import type { Lab } from "../lab";
import type { KubeView } from "./kubeView";
import type { LabStack } from "./labStack";
import { upOutput } from "./mainJob";

interface State {
  deployment: { resources: { type: string; urn: string; outputs?: Record<string, unknown> }[] };
}

/** Every text inside a value. */
function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

/** Lines by which a secret is known wherever it stands: of a key the longest, of anything else all of it. */
function marks(secret: string): string[] {
  const lines = secret.split("\n").filter((line) => line.length >= 16 && !line.startsWith("-----"));
  const [longest = ""] = lines.sort((a, b) => b.length - a.length);
  return longest === "" ? [] : [longest, Buffer.from(secret).toString("base64")];
}

/** Everything secret of a stack: what the program drew for the cluster, and the keys in its kubeconfigs. */
async function secretsOf(stack: LabStack): Promise<string[]> {
  const shown = JSON.parse((await stack.pulumi(["stack", "export", "--show-secrets"])).stdout) as State;
  const drawn = shown.deployment.resources
    .filter(({ type }) => type === "pulumi:index:Stash")
    .flatMap(({ urn, outputs }) => {
      // What is no secret, the incarnation's name, is not wrapped.
      const { plaintext } = (outputs?.output ?? {}) as { plaintext?: string };
      const texts = plaintext === undefined ? [] : textsOf(JSON.parse(plaintext));
      return urn.includes("-token-") ? texts.map((token) => token.split(".")[1]) : texts;
    });
  const { kubeconfig, operatorKubeconfig, harvesterKubeconfigs } = await stack.outputs();
  const keys = [kubeconfig, operatorKubeconfig, ...Object.values(harvesterKubeconfigs)].map((text) => {
    const { users } = parse(text) as { users: { user: { "client-key-data": string } }[] };
    return Buffer.from(users[0].user["client-key-data"], "base64").toString();
  });
  return [...drawn, ...keys].filter((text) => !/^-----BEGIN (CERTIFICATE|PUBLIC KEY)/.test(text));
}

/** What the scan saw. */
export interface ScanReport {
  /** Secrets looked for. */
  readonly secrets: number;
  /** Places looked at, with their sizes in characters. */
  readonly places: Readonly<Record<string, number>>;
  /** Places that show a secret. */
  readonly open: readonly string[];
}

/** Scans the state, what the engine prints, the machines' consoles, and every object in the cluster that is no Secret. */
export async function scanForSecrets(lab: Lab, stack: LabStack, cluster: KubeView, node: string): Promise<ScanReport> {
  const consoles = dirname(lab.consoleLog(node));
  const kinds = "configmaps,pods,daemonsets,statefulsets,deployments,jobs";
  const places: Record<string, string> = {
    state: (await stack.pulumi(["stack", "export"])).stdout,
    "what `pulumi up` printed": readFileSync(upOutput(lab), "utf8"),
    "a preview as JSON": (await stack.pulumi(["preview", "--json"])).stdout,
    "stack outputs": (await stack.pulumi(["stack", "output", "--json"])).stdout,
    objects: await cluster.kubectl("get", kinds, "-A", "-o", "json"),
    ...Object.fromEntries(
      readdirSync(consoles).map((file) => [`console ${file}`, readFileSync(join(consoles, file), "utf8")]),
    ),
  };
  const secrets = [...new Set(await secretsOf(stack))];
  const looked = secrets.flatMap(marks);
  const open = Object.entries(places).filter(
    ([, text]) => /BEGIN [A-Z ]*PRIVATE KEY/.test(text) || looked.some((mark) => text.includes(mark)),
  );
  return {
    secrets: secrets.length,
    places: Object.fromEntries(Object.entries(places).map(([name, text]) => [name, text.length])),
    open: open.map(([name]) => name),
  };
}
