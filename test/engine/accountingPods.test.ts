/** What accounting declares, on a real Kubernetes API: every object is taken, and its pods pass the namespace's own rules. */
import { accountingArgs, known } from "../support/componentArgs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Accounting } from "../../components/accounting/Accounting";
import { accountingPodSpec } from "../../components/accounting/accountingPod";
import { ACCOUNTING_NAMESPACE } from "../../components/accounting/names";
import { SiteSecurity } from "../../components/security/SiteSecurity";
import { record } from "../../stacks/site/offline/recorder";
import { KubeApi } from "../support/kubeApi";
import { applyDeclared } from "../support/kubeApiObjects";
import { accountedSite } from "../unit/accounting/accountingSite";

const MINUTE = 60_000;
const SITE = accountedSite();
const PODS = `/api/v1/namespaces/${ACCOUNTING_NAMESPACE}/pods`;

let api: KubeApi;
beforeAll(async () => {
  api = await KubeApi.start();
  const { recording } = await record({}, () => {
    new SiteSecurity("security", known(SITE));
    new Accounting("accounting", accountingArgs(SITE));
  });
  await applyDeclared(api.admin, recording);
}, 30 * MINUTE);
afterAll(() => api.close());

const podOf = (spec: object) => ({ apiVersion: "v1", kind: "Pod", metadata: { name: "try" }, spec });

test("its CronJobs are there, as they were declared", async () => {
  const path = `/apis/batch/v1/namespaces/${ACCOUNTING_NAMESPACE}/cronjobs`;
  const { items } = await api.admin.must<{ items: { metadata: { name: string }; spec: { timeZone: string } }[] }>(
    "GET",
    path,
  );
  expect(items.map(({ metadata, spec }) => [metadata.name, spec.timeZone])).toEqual([
    ["kuantifier-production", "Etc/UTC"],
    ["kuantifier-whole", "Etc/UTC"],
  ]);
});

test("its pods are taken by a restricted namespace, without a warning", async () => {
  for (const queue of Object.values(SITE.queues)) {
    const answer = await api.admin.call(
      "POST",
      `${PODS}?dryRun=All`,
      podOf(accountingPodSpec(accountingArgs(SITE), queue)),
    );
    expect([answer.status, answer.warnings, answer.status === 201 ? "" : answer.text]).toEqual([201, [], ""]);
  }
});

test("a pod that reaches for more is not", async () => {
  const spec = accountingPodSpec(accountingArgs(SITE), SITE.queues["WHOLE-K8S"]);
  const host = { name: "host", hostPath: { path: "/cvmfs" } };
  const answer = await api.admin.call(
    "POST",
    `${PODS}?dryRun=All`,
    podOf({ ...spec, volumes: [...spec.volumes, host] }),
  );
  expect(answer.status).toBe(403);
  expect(answer.text).toContain("hostPath");
});
