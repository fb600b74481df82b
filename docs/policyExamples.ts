/** Examples of the policies: `policies/examples/<policy>/bad.yaml` and `good.yaml`, shown on the policy's page and run as tests. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Settings } from "../policies/model/settings";

const EXAMPLES = join(__dirname, "..", "policies", "examples");

/** An example of one policy. */
export interface Example {
  /** Objects as YAML, or a list of resources. */
  readonly yaml: string;
  /** Settings that the example supposes. */
  readonly settings: Partial<Settings>;
}

/** First line of an example that supposes settings. */
const SETTINGS = /^# With the settings (\{.*\})\n/;

/** An example of a policy; undefined where a policy of a site's own has none. */
export function exampleOf(policy: string, kind: "bad" | "good"): Example | undefined {
  const file = join(EXAMPLES, policy, `${kind}.yaml`);
  if (!existsSync(file)) {
    return undefined;
  }
  const text = readFileSync(file, "utf8");
  const settings = SETTINGS.exec(text)?.[1];
  return {
    yaml: text.replace(SETTINGS, ""),
    settings: settings === undefined ? {} : (JSON.parse(settings) as Partial<Settings>),
  };
}
