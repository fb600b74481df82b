/** Who is told of which alert. */
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { alertmanagerConfiguration } from "../../../components/monitoring/alertmanagerConfiguration";
import type { Monitoring } from "../../../stacks/site";
import { RECEIVERS, watchedSite } from "./monitoredSites";

const routesOf = (...routes: object[]) => watchedSite({ routes }).monitoring as Monitoring;

describe("Alertmanager's configuration", () => {
  test("tells each receiver the severities it wants, grouped by alert and namespace", () => {
    const receivers = `${RECEIVERS}- name: mail\n  email_configs: [{ to: admins@site.example }]\n`;
    const routes = routesOf({ receiver: "pager", severities: ["critical"], repeatHours: 1 }, { receiver: "mail" });
    expect(parse(alertmanagerConfiguration(routes, receivers))).toMatchObject({
      route: {
        receiver: "nobody",
        group_by: ["alertname", "namespace"],
        routes: [
          { receiver: "pager", matchers: ['severity=~"critical"'], repeat_interval: "1h", continue: true },
          { receiver: "mail", matchers: ['severity=~"critical|warning"'], repeat_interval: "12h", continue: true },
        ],
      },
      receivers: [
        { name: "nobody" },
        { name: "pager", webhook_configs: [{ url: "https://pager.example/not-a-token-of-anything" }] },
        { name: "mail", email_configs: [{ to: "admins@site.example" }] },
      ],
    });
  });

  test("keeps a warning silent while the critical alert of its name lasts", () => {
    const { inhibit_rules } = parse(alertmanagerConfiguration(routesOf(), undefined)) as { inhibit_rules: object[] };
    expect(inhibit_rules).toEqual([
      {
        source_matchers: ['severity="critical"'],
        target_matchers: ['severity="warning"'],
        equal: ["alertname", "namespace", "node"],
      },
    ]);
  });

  test("needs no secret when nobody is to be told", () => {
    expect(parse(alertmanagerConfiguration(routesOf(), undefined))).toMatchObject({
      route: { routes: [] },
      receivers: [{ name: "nobody" }],
    });
  });

  test.each<[string, string | undefined, RegExp]>([
    [
      "is not set",
      undefined,
      /names the receiver "pager", and the secret atlas-site:alertReceivers is not set; .*pulumi/,
    ],
    ["describes another", "- name: mail", /names the receiver "pager".* describes mail;/],
    ["is empty", "[]", /names the receiver "pager".* describes none;/],
    ["is no list", "name: pager", /must be a YAML list .* each with a name/],
    ["has a nameless one", "- webhook_configs: []", /must be a YAML list .* each with a name/],
    ["is no YAML", "- name: [", /is no YAML/],
    ["describes one twice", "- name: pager\n- name: pager", /describes the receiver "pager" twice/],
    ["takes the program's own name", "- name: nobody\n- name: pager", /"nobody" which is the program's own name/],
  ])("says so when the secret %s", (_, receivers, message) => {
    expect(() => alertmanagerConfiguration(routesOf({ receiver: "pager" }), receivers)).toThrow(message);
  });

  test("tells nothing of the secret when it is wrong", () => {
    for (const receivers of ["- name: [hush", "hush: hush", "- hush"]) {
      expect(() => alertmanagerConfiguration(routesOf({ receiver: "pager" }), receivers)).toThrow(/^((?!hush).)*$/);
    }
  });
});
