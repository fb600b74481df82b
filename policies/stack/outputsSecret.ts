import type { Field } from "../model/field";
import { cautiously, each, notApplicable, violation, type StackPolicy } from "../model/policy";

const STACK = "pulumi:pulumi:Stack";

/** Whether a text is a credential: a private key, or a kubeconfig with a key or token. */
function isCredential(text: string): boolean {
  const kubeconfig = /\bkind["']?: *["']?Config\b/.test(text) && /\btoken["']?: *\S/.test(text);
  return kubeconfig || /-----BEGIN [A-Z ]*PRIVATE KEY-----|\bclient-key-data["']?: *\S/.test(text);
}

/** Credentials that the program hands out are encrypted in the state and hidden in every output. */
export const outputsSecret: StackPolicy = {
  kind: "stack",
  name: "outputs-secret",
  title: "Stack outputs with keys or tokens in them are Pulumi secrets",
  why: "Outputs are printed at the end of every update: a kubeconfig that is no secret is in the log of CI, for everybody who may read that.",
  level: "mandatory",
  severity: "critical",
  frameworks: [{ framework: "atlas-site", version: "1", control: "secrets are secrets" }],
  remediation: "Export pulumi.secret(…).",
  check: (resources) => {
    const stack = resources.find(({ type }) => type === STACK);
    const secrets = stack?.secrets;
    if (stack === undefined || secrets === undefined) {
      return notApplicable("the engine gives a pack every value in clear; `npm run policy:preview` can tell");
    }
    return each(stack.props.entries, ([name, output]) =>
      cautiously(() => {
        const open = !secrets.includes(name) && textsIn(output).some(isCredential);
        return open ? violation(output, "it holds a key or a token, and is no secret") : undefined;
      }).map((finding) => ({ ...finding, subject: stack.urn })),
    );
  },
};

function textsIn(field: Field): string[] {
  const { text } = field;
  if (text !== undefined) {
    return [text];
  }
  return [...field.items, ...field.entries.map(([, below]) => below)].flatMap(textsIn);
}
