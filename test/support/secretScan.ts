/** Looks for secrets in what anybody may read. */
import { gunzipSync } from "node:zlib";
import { GIVEN_SECRETS } from "../../stacks/site/offline/placeholderSecrets";
import type { ProgramRun } from "../../stacks/site/offline/programRun";
import { HIDDEN, texts } from "../../stacks/site/offline/properties";

/** Whether a text is one that everybody may have: a certificate, a public key. */
export function isPublic(text: string): boolean {
  return /^-----BEGIN (CERTIFICATE|PUBLIC KEY)/.test(text);
}

/** Parts of the given secrets that open something; their other lines may well stand elsewhere. */
const GIVEN_PARTS = [
  ...["foreign-administrator-token", "given-cloud-secret", "given-database-password"],
  ...["given-alert-password", "given-log-token"],
];

/**
 * Everything secret that a run drew or was given: keys, private halves of tokens, kubeconfigs, credentials.
 * @throws Error when a given secret has no part by which it could be found
 */
export function secretTexts({ recording, outputs }: ProgramRun): string[] {
  const unmarked = Object.entries(GIVEN_SECRETS).filter(([, text]) => !GIVEN_PARTS.some((part) => text.includes(part)));
  if (unmarked.length > 0) {
    throw new Error(`the scan does not look for the secrets ${unmarked.map(([key]) => key).join(", ")}`);
  }
  const kept = recording.ofType("pulumi:index:Stash").filter(({ secrets }) => secrets.length > 0);
  const drawn = kept.flatMap(({ name, inputs }) =>
    name.includes("-token-") ? [String(inputs.input).split(".")[1]] : texts(inputs).filter((text) => !isPublic(text)),
  );
  const shown = Object.values(outputs).filter(({ secret }) => secret);
  return [...drawn, ...GIVEN_PARTS, ...Object.values(GIVEN_SECRETS), ...shown.flatMap(({ value }) => texts(value))];
}

/** A text and what it looks like once packed: in base64, and as JSON has it. */
function guises(text: string): string[] {
  return [text, Buffer.from(text).toString("base64"), JSON.stringify(text).slice(1, -1)];
}

/** The lines of a key that are the key itself. */
function keyLines(text: string): string[] {
  const lines = text.trim().split("\n");
  return lines.length === 1 ? lines : lines.filter((line) => line.length > 40 && !line.startsWith("-----"));
}

/**
 * Where secrets of a run are in the clear: in inputs (ConfigMaps and manifests are inputs too), in components' outputs, in
 * stack outputs that are not secret, and in other texts made from the run.
 * @param made texts that people get to see, by what they are
 */
export function leaks(run: ProgramRun, made: Readonly<Record<string, string>>): string[] {
  const secrets = [...new Set(secretTexts(run).flatMap(guises))].filter((text) => text !== "");
  const { recording, outputs } = run;
  const shown: [string, string][] = [
    ...recording.requests.map(({ urn, visible }): [string, string] => [urn, JSON.stringify(visible)]),
    ...[...recording.componentOutputs].map(([urn, value]): [string, string] => [
      `outputs of ${urn}`,
      JSON.stringify(value),
    ]),
    ...Object.entries(outputs).map(([name, { secret, value }]): [string, string] => [
      `output ${name}`,
      secret ? HIDDEN : (JSON.stringify(value) ?? ""),
    ]),
    ...Object.entries(made),
  ];
  return shown
    .filter(([, text]) => /PRIVATE KEY/.test(text) || secrets.some((secret) => text.includes(secret)))
    .map(([where]) => where);
}

/** User data of each machine, unpacked. */
export function bootTexts({ recording }: ProgramRun): [string, string][] {
  return recording.ofType("openstack:compute/instance:Instance").map(({ name, inputs }) => {
    const { userData } = inputs;
    return [name, typeof userData === "string" ? gunzipSync(Buffer.from(userData, "base64")).toString() : ""];
  });
}

/** Lines of the CAs' private keys, as they stand in a file. */
export function caKeyLines({ recording }: ProgramRun): string[] {
  const stashes = recording.ofType("pulumi:index:Stash").filter(({ name }) => name === "cluster-cas");
  return stashes.flatMap(({ inputs }) => texts(inputs).filter((text) => !isPublic(text))).flatMap(keyLines);
}
