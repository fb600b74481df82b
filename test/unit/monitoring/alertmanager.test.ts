/** Who is told of which alert. */
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { alertmanagerConfiguration } from "../../../components/monitoring/alertmanagerConfiguration";
import type { Monitoring } from "../../../stacks/site/site";
import { alertCases } from "../../engine/rules/allCases";
import type { Labels } from "../../engine/rules/ruleCase";
import { RECEIVERS, monitoredSite } from "./monitoredSites";

const routesOf = (...routes: object[]) => monitoredSite({ routes }).monitoring as Monitoring;

interface Inhibition {
  readonly equal: readonly string[];
}

function inhibitions(): Inhibition[] {
  return (parse(alertmanagerConfiguration(routesOf(), undefined)) as { inhibit_rules: Inhibition[] }).inhibit_rules;
}

/** Whether Alertmanager keeps a warning silent for a critical alert: a label that one of them lacks counts as empty. */
function silences(critical: Labels, warning: Labels): boolean {
  return inhibitions().some(({ equal }) => equal.every((label) => (critical[label] ?? "") === (warning[label] ?? "")));
}

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
    expect(inhibitions()).toEqual([
      {
        source_matchers: ['severity="critical"'],
        target_matchers: ['severity="warning"'],
        equal: ["alertname", "namespace", "repository", "persistentvolumeclaim"],
      },
    ]);
  });

  test("of each alert that has both a warning and a critical one, as its cases have their labels", () => {
    const cases = alertCases.filter(({ firing }) => firing.length > 0);
    const labels = (name: string, severity: string): Labels[] =>
      cases
        .filter((one) => one.alert === name && one.severity === severity)
        .flatMap(({ alert, firing }) => firing.map((more) => ({ alertname: alert, ...more })));
    const names = [...new Set(cases.map(({ alert }) => alert))].filter(
      (name) => labels(name, "critical").length > 0 && labels(name, "warning").length > 0,
    );
    expect(names.sort()).toEqual([
      "ClientCertificateExpiring",
      "CvmfsFetchFailing",
      "CvmfsRepositoryUnreadable",
      "KubePersistentVolumeFillingUp",
      "SquidDown",
    ]);
    const loud = names.filter(
      (name) => !labels(name, "critical").some((one) => labels(name, "warning").some((other) => silences(one, other))),
    );
    expect(loud).toEqual([]);
  });

  test.each<[string, Labels, Labels]>([
    [
      "another repository on the same node",
      { alertname: "CvmfsRepositoryUnreadable", repository: "atlas.cern.ch" },
      { alertname: "CvmfsRepositoryUnreadable", repository: "sft.cern.ch", node: "one" },
    ],
    [
      "another volume of the namespace",
      { alertname: "KubePersistentVolumeFillingUp", namespace: "services", persistentvolumeclaim: "one" },
      { alertname: "KubePersistentVolumeFillingUp", namespace: "services", persistentvolumeclaim: "other" },
    ],
  ])("tells of %s all the same", (_, critical, warning) => {
    expect(silences(critical, warning)).toBe(false);
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
