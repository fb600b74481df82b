/** The strict check finds what the API server would drop or refuse, and nothing in what the program itself asks for. */
import { describe, expect, test } from "vitest";
import { objectsOf } from "../../../../policies/model/engineAdapter";
import { Field, UNKNOWN } from "../../../../policies/model/field";
import { objectsIn } from "../../../../policies/model/objects";
import { SchemaCheck, schemas } from "../../../../policies/schemas/schemaCheck";
import { mergedSchemas, schemaText, type Swagger } from "../../../../policies/schemas/swagger";
import { asResources } from "../../../support/judgedSite";
import { runProgram } from "../../../support/program";
import { pod, Workplace } from "../commands/workplace";

function found(object: object, version = "1.36"): string[] {
  const schema = new SchemaCheck(version);
  return objectsIn(new Field(object)).flatMap((one) =>
    schema.violations(one).map(({ path, message }) => `${path}: ${message}`),
  );
}

function withSpec(spec: object, container: object = {}): object {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p" },
    spec: { ...spec, containers: [{ name: "a", ...container }] },
  };
}

describe("the strict check", () => {
  test.each([
    [
      "a field in small letters",
      withSpec({ hostpid: true }),
      /^spec\.hostpid: .*no field "hostpid" here; did you mean "hostPID"\?$/,
    ],
    ["a field in the wrong place", withSpec({ privileged: true }), /^spec\.privileged: .*no field "privileged" here$/],
    [
      "a text for a boolean",
      withSpec({}, { securityContext: { privileged: "true" } }),
      /privileged: it is "true"; it must be true or false/,
    ],
    ["a text for a number", withSpec({ terminationGracePeriodSeconds: "5" }), /it is "5"; it must be a whole number/],
    ["a fraction", withSpec({ terminationGracePeriodSeconds: 1.5 }), /it is 1.5; it must be a whole number/],
    [
      "a number for a text",
      withSpec({}, { env: [{ name: "A", value: 1 }] }),
      /env\[0\]\.value: it is 1; it must be a text/,
    ],
    [
      "a quantity that is none",
      withSpec({}, { resources: { limits: { memory: "1 GB" } } }),
      /limits\.memory: it is "1 GB"; .*512Mi/,
    ],
    ["a map for a list", withSpec({ tolerations: {} }), /tolerations: it is {}; it must be a list/],
    ["a list for a map", withSpec({ nodeSelector: [] }), /nodeSelector: it is \[\]; it must be a map/],
    ["a missing field", withSpec({}, { name: null }), /containers\[0\]\.name: the field "name" is required/],
    [
      "a kind of no such version",
      { apiVersion: "batch/v1beta1", kind: "CronJob" },
      /^apiVersion: .*no kind CronJob in apiVersion "batch\/v1beta1"/,
    ],
  ])("finds %s", (_, object, message) => {
    expect(found(object)).toEqual([expect.stringMatching(message)]);
  });

  test.each([
    [
      "quantities in every form",
      withSpec({}, { resources: { limits: { cpu: 1, memory: "1.5Gi", a: "2e3", b: "100m" } } }),
    ],
    [
      "a port by name or number",
      {
        apiVersion: "v1",
        kind: "Service",
        spec: {
          ports: [
            { port: 1, targetPort: "http" },
            { port: 2, targetPort: 2 },
          ],
        },
      },
    ],
    ["a null field", withSpec({ hostPID: null })],
    ["a value that is not known yet", withSpec({ hostPID: UNKNOWN }, { image: UNKNOWN })],
    ["a kind of a foreign group", { apiVersion: "argoproj.io/v1alpha1", kind: "Workflow", spec: { anything: 1 } }],
    [
      "a template in a ConfigMap",
      { apiVersion: "v1", kind: "ConfigMap", data: { t: "kind: Job\nspec: {parallel: $n}\n" } },
    ],
  ])("finds nothing in %s", (_, object) => {
    expect(found(object)).toEqual([]);
  });

  test("goes by the version: a kind and a field that came later are none before", () => {
    const policy = {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "MutatingAdmissionPolicy",
      metadata: { name: "m" },
    };
    expect([found(policy, "1.33").length, found(policy, "1.37").length]).toEqual([1, 0]);
  });

  test("by a command reports the line, fails, and takes no version that it does not know", () => {
    const place = new Workplace();
    const text = pod("p").replace("privileged: true", 'privileged: "true"').concat("  hostpid: true\n");
    const only = ["--only", "no-unmasked-proc"];
    const { code, findings } = place.json(["-", ...only, "--kubernetes-version", "1.36.3"], text);
    expect([code, findings.map(({ policy, line, column }) => [policy, line, column])]).toEqual([
      1,
      [
        ["kubernetes-schema", 9, 9],
        ["kubernetes-schema", 10, 3],
      ],
    ]);
    expect(place.json(["-", ...only], text).findings).toEqual([]);
    expect(() => place.run(["-", "--kubernetes-version", "1.20"], text)).toThrow(/1\.33, 1\.34, 1\.35, 1\.36, 1\.37/);
    place.remove();
  });

  test("finds nothing in what the program asks for on a shipped site, in any version", async () => {
    const objects = asResources(await runProgram("uvic-test")).flatMap(({ type, urn, inputs }) =>
      objectsOf({ type, urn, props: inputs }),
    );
    const kubernetes = objects.filter((object) => new SchemaCheck("1.36").covers(object));
    expect(kubernetes.length).toBeGreaterThan(100);
    for (const version of ["1.36", "1.37"]) {
      const schema = new SchemaCheck(version);
      expect(
        kubernetes.flatMap((one) => schema.violations(one).map(({ path, message }) => `${one.id} ${path}: ${message}`)),
      ).toEqual([]);
    }
  }, 120_000);
});

describe("descriptions of several versions in one", () => {
  const swagger = (fields: object): Swagger => ({
    definitions: {
      "io.k8s.api.core.v1.A": {
        properties: {
          q: { $ref: "#/definitions/io.k8s.apimachinery.pkg.api.resource.Quantity" },
          t: { $ref: "#/definitions/time" },
          ...fields,
        },
        "x-kubernetes-group-version-kind": [{ group: "", version: "v1", kind: "A" }],
      },
      "io.k8s.apimachinery.pkg.api.resource.Quantity": { type: "string" },
      time: { type: "string", format: "date-time" },
    },
  });

  test("name the versions only where they differ", () => {
    const same = mergedSchemas([
      ["1.1", swagger({})],
      ["1.2", swagger({})],
    ]);
    expect(same.definitions).toEqual({ "core.v1.A": [{ fields: { q: "quantity", t: "string" } }] });
    expect(same.kinds).toEqual({ "v1 A": { definition: "core.v1.A" } });
    const newer = swagger({
      l: { type: "array", items: { type: "object", additionalProperties: { type: "integer" } } },
    });
    const two = mergedSchemas([
      ["1.1", swagger({})],
      ["1.2", newer],
    ]);
    expect(two.definitions["core.v1.A"].map((one) => [one.in, one.fields.l])).toEqual([
      [["1.1"], undefined],
      [["1.2"], "[]{}integer"],
    ]);
    const releases = { "1.1": "v1.1.5" };
    expect(JSON.parse(schemaText(two, releases))).toEqual({ ...two, releases });
  });

  test("are there for every version of the Pod Security Standards that the pack knows", () => {
    expect(schemas().versions).toEqual(["1.33", "1.34", "1.35", "1.36", "1.37"]);
    expect(schemas().definitions["core.v1.PodSpec"].length).toBeGreaterThan(1);
  });
});
