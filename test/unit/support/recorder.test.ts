/** The recorder itself: what other tests lean on must be seen to catch what they say it catches. */
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { HIDDEN } from "../../../stacks/site/offline/properties";
import { record } from "../../../stacks/site/offline/recorder";

class Thing extends pulumi.CustomResource {
  declare readonly size: pulumi.Output<number>;
  constructor(name: string, inputs: pulumi.Inputs, opts?: pulumi.CustomResourceOptions) {
    super("test:index:Thing", name, { size: undefined, ...inputs }, opts);
  }
}

class Box extends pulumi.ComponentResource {
  constructor(name: string, inside: (box: Box) => void) {
    super("test:index:Box", name, {});
    inside(this);
    this.registerOutputs({ shown: "yes", hidden: pulumi.secret("word") });
  }
}

describe("a recording", () => {
  test("refuses two resources of one URN, which the mocks would not notice", async () => {
    const twice = record({}, () => [new Thing("a", {}), new Thing("a", {})]);
    await expect(twice).rejects.toThrow("registered twice: urn:pulumi:test::atlas-site::test:index:Thing::a");
  });

  test("takes the same name below another parent for another resource, with all parents' types in its URN", async () => {
    const { recording } = await record({}, () => {
      new Thing("a", {});
      new Box("b", (box) => new Thing("a", {}, { parent: box }));
    });
    expect(recording.urns()).toEqual([
      "urn:pulumi:test::atlas-site::test:index:Box$test:index:Thing::a",
      "urn:pulumi:test::atlas-site::test:index:Box::b",
      "urn:pulumi:test::atlas-site::test:index:Thing::a",
    ]);
  });

  test("keeps every option that decides what an upgrade does", async () => {
    const { recording } = await record({}, () => {
      const other = new Thing("other", {});
      new Thing(
        "a",
        { size: 1 },
        {
          dependsOn: [other],
          protect: true,
          retainOnDelete: true,
          deleteBeforeReplace: true,
          ignoreChanges: ["x"],
          replaceOnChanges: ["y"],
          replacementTrigger: 7,
          deletedWith: other,
          replaceWith: [other],
          additionalSecretOutputs: ["z"],
        },
      );
    });
    const other = recording.only("test:index:Thing", "other").urn;
    expect(recording.only("test:index:Thing", "a")).toMatchObject({
      dependsOn: [other],
      protect: true,
      retainOnDelete: true,
      deleteBeforeReplace: true,
      ignoreChanges: ["x"],
      replaceOnChanges: ["y"],
      replacementTrigger: 7,
      deletedWith: other,
      replaceWith: [other],
      secretOutputs: ["z"],
    });
    expect(recording.only("test:index:Thing", "other")).toMatchObject({
      protect: false,
      deletedWith: "",
      replaceWith: [],
    });
  });

  test("tells secrets from the rest, wherever they stand", async () => {
    const { recording } = await record({}, () => {
      new Thing("a", { open: "word", list: [{ key: pulumi.secret("hush") }] });
      new Box("b", () => undefined);
    });
    const thing = recording.only("test:index:Thing");
    expect(thing.secrets).toEqual(["list[0].key"]);
    expect(thing.inputs).toEqual({ open: "word", list: [{ key: "hush" }] });
    expect(thing.visible).toEqual({ open: "word", list: [{ key: HIDDEN }] });
    expect([...recording.componentOutputs.values()]).toEqual([{ shown: "yes", hidden: HIDDEN }]);
  });

  test("knows in a preview only what the program knows by itself", async () => {
    const seen: unknown[] = [];
    for (const preview of [true, false]) {
      await record({ preview }, () => void new Thing("a", { size: 1 }).id.apply((id) => seen.push(id)));
    }
    expect(seen).toEqual(["a-id"]);
  });

  test("hands on what the program throws", async () => {
    await expect(record({}, () => Promise.reject(new Error("no site")))).rejects.toThrow("no site");
  });
});
