/** The fields of a Job that a real API server describes are those that the decisions are checked against. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { apiFields, jobTypes, type Schema } from "../../docs/jobFields/apiFields";
import { versions } from "../../versions";
import { KubeApi } from "../support/kubeApi";

let api: KubeApi;
beforeAll(async () => {
  api = await KubeApi.start();
}, 3_600_000);
afterAll(() => api?.close());

test(`an API server of ${versions.kubernetes} describes a Job as docs/jobFields/ has it`, async () => {
  const document = await api.admin.must<{ components: { schemas: Record<string, Schema> } }>(
    "GET",
    "/openapi/v3/apis/batch/v1",
  );
  const minor = versions.kubernetes.split(".").slice(0, 2).join(".");
  expect(jobTypes(document.components.schemas)).toEqual(apiFields(minor).types);
});
