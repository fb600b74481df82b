/** Every field of a Job is decided, in every Kubernetes that the program supports. */
import { describe, expect, test } from "vitest";
import { jobFields } from "../../../components/security/admission/fields/job";
import { jobLimits } from "../../../components/security/admission/fields/limits";
import { unknownFields, wrongValues } from "../../../components/security/admission/fields/cel";
import { allow, oneOf, refuse, type Fields } from "../../../components/security/admission/fields/decision";
import { admissionRules } from "../../../components/security/admission/policy";
import { jobTypes, supportedApiFields } from "../../../docs/jobFields/apiFields";
import { countFields, decidedFields, undecided, unknownDecisions } from "../../../docs/jobFields/decided";
import { versions } from "../../../versions";
import { known } from "../../support/componentArgs";
import { site } from "../../support/sites";

const table = jobFields(jobLimits(site("small").queues));
const supported = supportedApiFields();

describe("the fields of a Job", () => {
  test.each(supported)("are all decided for Kubernetes $minor", ({ minor, fields }) => {
    expect(fields.kubernetes).toMatch(new RegExp(`^v${minor.replace(".", "\\.")}\\.\\d+$`));
    const all = decidedFields(fields.types, table);
    expect(undecided(all)).toEqual([]);
    const { allowed, added, refused, below } = countFields(all);
    expect(allowed + added + refused + below).toBe(all.length);
    expect(all.length).toBeGreaterThan(1000);
  });

  test("of the program's own Kubernetes are those of its exact version", () => {
    const own = supported.find(({ minor }) => versions.kubernetes.startsWith(`${minor}.`));
    expect(own?.fields.kubernetes).toBe(`v${versions.kubernetes}`);
  });

  test("that a Kubernetes adds are reported, at any depth of what is allowed and not below what is refused", () => {
    const { types } = supported[0].fields;
    const newer = {
      ...types,
      PodSpec: { ...types.PodSpec, hostEverything: "boolean" },
      VolumeMount: { ...types.VolumeMount, through: "string" },
      Probe: { ...types.Probe, through: "string" },
    };
    expect(undecided(decidedFields(newer, table))).toEqual([
      "spec.template.spec.containers[*].volumeMounts[*].through",
      "spec.template.spec.ephemeralContainers[*].volumeMounts[*].through",
      "spec.template.spec.hostEverything",
    ]);
  });

  test("that are decided exist in a supported Kubernetes, and a misspelt one is reported", () => {
    const types = supported.map(({ fields }) => fields.types);
    expect(unknownDecisions(types, table)).toEqual([]);
    expect(unknownDecisions(types, { ...table, specc: refuse("misspelt") })).toEqual(["specc"]);
  });

  test("name only rules that some site has", () => {
    const rules = new Set(
      (["small", "existing"] as const).flatMap((name) => admissionRules(known(site(name)))).map(({ name }) => name),
    );
    ["no-host-path", "host-path-cvmfs-only", "host-path-makes-nothing", "host-path-read-only"].forEach((name) =>
      rules.add(name),
    );
    const named = (fields: Fields): string[] =>
      Object.values(fields).flatMap((decision) =>
        decision.use === "refused"
          ? []
          : [...(decision.rules ?? []), ...named(decision.of ?? {}), ...named(decision.each ?? {})],
      );
    expect(named(table).filter((name) => !rules.has(name))).toEqual([]);
    expect(named(table).length).toBeGreaterThan(20);
  });

  test("leave a site's own templates their times, however long they are", () => {
    const { queues } = site("small");
    const long = { Q: { ...Object.values(queues)[0], maxHours: 10_000, keepFinishedHours: 5000 } };
    expect(jobLimits(long)).toMatchObject({ runSeconds: 36_000_000, keepSeconds: 18_000_000 });
    expect(jobLimits(queues)).toMatchObject({ runSeconds: 2_265_600, keepSeconds: 1_209_600 });
  });
});

describe("types of an OpenAPI document", () => {
  const ref = (name: string) => ({ allOf: [{ $ref: `#/components/schemas/${name}` }] });

  test("are followed through lists and maps, and named by their last word", () => {
    const types = jobTypes({
      "io.k8s.api.batch.v1.Job": {
        properties: { spec: ref("a.Spec"), times: { type: "array", items: ref("a.Time") }, plain: { type: "string" } },
      },
      "a.Spec": { properties: { of: { type: "object", additionalProperties: ref("a.Part") } } },
      "a.Part": { properties: { n: { type: "integer" } } },
    });
    expect(types).toEqual({
      Job: { spec: "Spec", times: "[]Time", plain: "string" },
      Spec: { of: "{}Part" },
      Part: { n: "integer" },
    });
  });

  test("of one short name and two meanings are an error", () => {
    const two = () =>
      jobTypes({
        "io.k8s.api.batch.v1.Job": { properties: { a: ref("x.Spec"), b: ref("y.Spec") } },
        "x.Spec": { properties: {} },
        "y.Spec": { properties: {} },
      });
    expect(two).toThrow("two types of a Job are called Spec: x.Spec and y.Spec");
  });
});

describe("the table in CEL", () => {
  const small: Fields = {
    name: allow("n", { bound: oneOf("it's"), required: true }),
    parts: allow("p", { each: { size: allow("s", { bound: { kind: "range", min: 1, max: 2, unit: "GB" } }) } }),
    shut: refuse("r"),
  };
  const place = { object: "o", path: "", pods: false };

  test("lists what is not allowed by its path, in lists as well", () => {
    expect(unknownFields(small, place)).toBe(
      "[o.filter(key, !(key in ['name', 'parts'])).map(key, key).join(', '), (has(o.parts) ? o.parts.map(f0, " +
        "f0.filter(key, !(key in ['size'])).map(key, 'parts[*].' + key).join(', ')).filter(s, s != '').join(', ') : '')]" +
        ".filter(s, s != '').join(', ')",
    );
  });

  test("demands of a Job what it must bring, and of a pod only that what is there is right", () => {
    const demand = "((has(o.name) && o.name in ['it\\'s']) ? '' : 'name: only it\\'s, and must be set')";
    expect(wrongValues(small, place)).toContain(demand);
    expect(wrongValues(small, { ...place, pods: true })).toContain(
      "((!has(o.name) || o.name in ['it\\'s']) ? '' : 'name: only it\\'s')",
    );
    expect(wrongValues(small, place)).toContain("f0.size >= 1 && f0.size <= 2) ? '' : 'parts[*].size: 1 to 2 GB')");
  });
});
