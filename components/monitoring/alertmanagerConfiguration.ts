/** Alertmanager's configuration, from the site's routes and the receivers that a secret describes. */
import { parse, stringify } from "yaml";
import type { Monitoring } from "../../stacks/site/site";

/** Receiver of alerts that nobody is told of. */
export const NOBODY_TOLD = "nobody";

/** Minutes until a group of alerts is told of again when it has changed, and that a message that fails is tried for. */
export const GROUP_MINUTES = 5;

/** A receiver as Alertmanager has it; all but its name is the operator's. */
interface Receiver {
  readonly name: string;
}

const SECRET_KEY = "atlas-site:alertReceivers";
const HOW_TO_SET = `pulumi config set --secret ${SECRET_KEY} < receivers.yaml`;

/**
 * The configuration's text. An alert goes to every route that takes its severity, grouped by alert and namespace; a warning
 * is silent while a critical alert of the same name lasts that speaks of the same thing, on more nodes or worse.
 * @param receivers text of the secret: a YAML list of Alertmanager's receivers
 * @throws Error when a route's receiver is not described, or the text is no such list
 */
export function alertmanagerConfiguration(
  { routes }: Pick<Monitoring, "routes">,
  receivers: string | undefined,
): string {
  const described = receivers === undefined ? [] : receiversOf(receivers);
  const names = described.map(({ name }) => name);
  const lacking = routes.find(({ receiver }) => !names.includes(receiver));
  if (lacking !== undefined) {
    throw new Error(
      `monitoring.routes names the receiver "${lacking.receiver}", and the secret ${SECRET_KEY} ` +
        `${receivers === undefined ? "is not set" : `describes ${names.length === 0 ? "none" : names.join(", ")}`}; ` +
        `describe it there: ${HOW_TO_SET}`,
    );
  }
  return stringify(
    {
      route: {
        receiver: NOBODY_TOLD,
        group_by: ["alertname", "namespace"],
        group_wait: "30s",
        group_interval: `${GROUP_MINUTES}m`,
        routes: routes.map(({ receiver, severities, repeatHours }) => ({
          receiver,
          matchers: [`severity=~"${severities.join("|")}"`],
          repeat_interval: `${repeatHours}h`,
          // Others may want to know of it, too.
          continue: true,
        })),
      },
      inhibit_rules: [
        {
          source_matchers: ['severity="critical"'],
          target_matchers: ['severity="warning"'],
          // Not the node: a critical alert speaks of many.
          equal: ["alertname", "namespace", "repository", "persistentvolumeclaim"],
        },
      ],
      receivers: [{ name: NOBODY_TOLD }, ...described],
    },
    { lineWidth: 0 },
  );
}

/** Nothing of the text is in the errors: it is a secret. */
function receiversOf(text: string): Receiver[] {
  let value: unknown;
  try {
    value = parse(text, { logLevel: "error" });
  } catch {
    throw new Error(
      `the secret ${SECRET_KEY} is no YAML; it must be a list of Alertmanager's receivers: ${HOW_TO_SET}`,
    );
  }
  const isReceiver = (one: unknown): one is Receiver =>
    typeof one === "object" && one !== null && typeof (one as Partial<Receiver>).name === "string";
  if (!Array.isArray(value) || !value.every(isReceiver)) {
    throw new Error(
      `the secret ${SECRET_KEY} must be a YAML list of Alertmanager's receivers, each with a name: ${HOW_TO_SET}`,
    );
  }
  const names = value.map(({ name }) => name);
  const wrong = names.find((name, i) => name === NOBODY_TOLD || names.indexOf(name) !== i);
  if (wrong !== undefined) {
    throw new Error(
      `the secret ${SECRET_KEY} describes the receiver "${wrong}" ` +
        `${wrong === NOBODY_TOLD ? "which is the program's own name for none" : "twice"}; give each a name of its own`,
    );
  }
  return value;
}
