/** The dump itself: what reviewers lean on must be seen to show what they believe it shows. */
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { dump } from "../../../stacks/site/offline/dump";
import { record } from "../../../stacks/site/offline/recorder";

class Thing extends pulumi.CustomResource {
  constructor(name: string, inputs: pulumi.Inputs, opts?: pulumi.CustomResourceOptions) {
    super("test:index:Thing", name, inputs, opts);
  }
}

class Box extends pulumi.ComponentResource {
  constructor(name: string, inside: (box: Box) => void) {
    super("test:index:Box", name, {});
    inside(this);
    this.registerOutputs({});
  }
}

interface Entry {
  readonly type: string;
  readonly name: string;
  readonly parent?: string;
  readonly options?: Record<string, unknown>;
  readonly inputs?: Record<string, unknown>;
  readonly others?: Record<string, unknown>[];
}

async function dumped(build: () => unknown): Promise<{ text: string; entries: Entry[] }> {
  const { recording } = await record({}, build);
  const text = dump(recording);
  return { text, entries: parse(text) as Entry[] };
}

const entry = (entries: readonly Entry[], name: string) => entries.find((one) => one.name === name);

describe("a dump", () => {
  test("shows inputs in order, parents before children, and no secret", async () => {
    const { text, entries } = await dumped(
      () => new Box("b", (box) => new Thing("a", { z: 1, a: { word: pulumi.secret("hush") } }, { parent: box })),
    );
    expect(entries).toEqual([
      { type: "test:index:Box", name: "b" },
      { type: "test:index:Thing", name: "a", parent: "test:index:Box::b", inputs: { a: { word: "[secret]" }, z: 1 } },
    ]);
    expect(text).not.toContain("hush");
    expect(text.indexOf("a:\n")).toBeLessThan(text.indexOf("z: 1"));
  });

  test("shows every option that decides what an upgrade does, and none that is the default", async () => {
    const { entries } = await dumped(() => {
      const other = new Thing("other", {});
      new Thing(
        "a",
        {},
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
          aliases: [{ name: "old" }],
        },
      );
    });
    const other = "test:index:Thing::other";
    expect(entry(entries, "a")?.options).toEqual({
      dependsOn: [other],
      protect: true,
      retainOnDelete: true,
      deleteBeforeReplace: true,
      deletedWith: other,
      replaceWith: [other],
      replacementTrigger: 7,
      replaceOnChanges: ["y"],
      ignoreChanges: ["x"],
      secretOutputs: ["z"],
      aliases: [expect.stringContaining("old")],
    });
    expect(entry(entries, "other")?.options).toBeUndefined();
  });

  test("names a component in place of all its resources that are waited for", async () => {
    const { entries } = await dumped(() => {
      const box = new Box("b", (parent) => ["one", "two"].map((name) => new Thing(name, {}, { parent })));
      new Thing("a", {}, { dependsOn: [box] });
    });
    expect(entry(entries, "a")?.options).toEqual({ dependsOn: ["test:index:Box::b and all in it"] });
  });

  test("shows resources that differ in little as one, with what is different in each", async () => {
    const { entries } = await dumped(
      () =>
        new Box("b", (parent) =>
          [0, 1, 2].map((index) => new Thing(`m-${index}`, { name: `m${index}`, zone: "z", size: 8 }, { parent })),
        ),
    );
    expect(entries).toHaveLength(2);
    expect(entries[1].others).toEqual([
      { name: "m-1", "inputs.name": "m1" },
      { name: "m-2", "inputs.name": "m2" },
    ]);
  });

  test("shows in full what has another key, or differs in much", async () => {
    const many = (from: number) => Object.fromEntries(Array.from({ length: 9 }, (_, key) => [`k${key}`, from + key]));
    const { entries } = await dumped(() => {
      new Thing("m-0", many(0));
      new Thing("m-1", many(100));
      new Thing("m-2", { ...many(0), more: true });
      new Thing("m-3", many(0), { protect: true });
    });
    expect(entries.map(({ name, others }) => [name, others])).toEqual([
      ["m-0", undefined],
      ["m-1", undefined],
      ["m-2", undefined],
      ["m-3", undefined],
    ]);
  });

  test("is the same for other keys, wherever they are packed", async () => {
    const withKey = (key: string) => () => {
      new pulumi.Stash("keys", { input: pulumi.secret({ key }) }, { additionalSecretOutputs: ["input"] });
      new Thing("a", { plain: key, packed: Buffer.from(key).toString("base64"), inside: `{"key":"${key}"}` });
    };
    const [one, other] = [await dumped(withKey("first-key-drawn")), await dumped(withKey("second-key"))];
    expect(other.text).toBe(one.text);
    expect(one.text).toContain("[keys 0]");
    expect(one.text).not.toContain("first-key-drawn");
  });

  test("shows a change in a program that is shown by its digest", async () => {
    const program = (line: string) => Array.from({ length: 100 }, (_, index) => `${index} ${line}`).join("\n");
    const [one, other] = [
      await dumped(() => new Thing("a", { program: program("x") })),
      await dumped(() => new Thing("a", { program: program("y") })),
    ];
    expect(one.text).toContain("100 lines, sha256");
    expect(other.text.replace(/0 y/, "0 x")).not.toBe(one.text);
  });
});
