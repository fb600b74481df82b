import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cacheKey, isInput, linkerFlags, type BuildInputs } from "../../toolchain/cacheKey";
import type { Binary, Module } from "../../toolchain/module";

const binary: Binary = { name: "tool", version: "1.0.0", package: "example.org/tool", purpose: "" };
const module: Module = { folder: "tool", stamps: { "example.org/tool.Version": "v1" }, binaries: [binary] };
const inputs: BuildInputs = {
  files: new Map([
    ["go.mod", "module toolchain/tool\n"],
    ["go.sum", "sum\n"],
  ]),
  goVersion: "go1.26.8",
  platform: "linux/amd64",
};
const key = cacheKey(module, binary, inputs);

describe("cache key of a binary", () => {
  it("does not depend on the order in which files were read, nor on text or bytes", () => {
    const reversed = new Map([...inputs.files].reverse().map(([path, text]) => [path, Buffer.from(text)] as const));
    expect(cacheKey(module, binary, { ...inputs, files: reversed })).toBe(key);
  });

  it("changes with each thing that changes the binary", () => {
    const file = (path: string, text: string) => ({ ...inputs, files: new Map([...inputs.files, [path, text]]) });
    const others = [
      cacheKey(module, binary, file("go.sum", "another sum\n")),
      cacheKey(module, binary, file("go.mod", "module toolchain/tool\n\n")),
      cacheKey(module, binary, file("main.go", "package main\n")),
      cacheKey(module, binary, { ...inputs, goVersion: "go1.26.9" }),
      cacheKey(module, binary, { ...inputs, platform: "linux/arm64" }),
      cacheKey({ ...module, stamps: { "example.org/tool.Version": "v2" } }, binary, inputs),
      cacheKey({ ...module, tags: ["netgo"] }, binary, inputs),
      cacheKey({ ...module, tags: [] }, binary, inputs),
      cacheKey({ ...module, embeds: { module: "example.org/m", files: ["schema.json"] } }, binary, inputs),
      cacheKey({ ...module, additions: { module: "example.org/m", files: { a: "b" } } }, binary, inputs),
      cacheKey(module, { ...binary, package: "example.org/tool/cmd" }, inputs),
      cacheKey(module, { ...binary, name: "other" }, inputs),
    ];
    expect(new Set([key, ...others]).size).toBe(others.length + 1);
  });

  it("does not change with what is only shown", () => {
    expect(cacheKey(module, { ...binary, purpose: "another text" }, inputs)).toBe(key);
  });

  it("never takes two different sets of files for one, wherever their texts are cut", () => {
    const files = fc.dictionary(fc.string({ maxLength: 6 }), fc.string({ maxLength: 6 }), { maxKeys: 4 });
    const keyOf = (set: Record<string, string>) =>
      cacheKey(module, binary, { ...inputs, files: new Map(Object.entries(set)) });
    fc.assert(
      fc.property(files, files, (one, other) => {
        const sorted = (set: Record<string, string>) => JSON.stringify(Object.entries(set).sort());
        expect(keyOf(one) === keyOf(other)).toBe(sorted(one) === sorted(other));
      }),
    );
    expect(keyOf({ ab: "c" })).not.toBe(keyOf({ a: "bc" }));
  });
});

describe("inputs of a binary", () => {
  const packages = ["example.org/tool", "./host"];
  it("leaves another binary's own main out, so that a change there builds only that one anew", () => {
    expect(isInput("host/main.go", binary, packages)).toBe(false);
    expect(isInput("host/main.go", { ...binary, package: "./host" }, packages)).toBe(true);
    expect(isInput("go.sum", binary, packages)).toBe(true);
  });
});

describe("linker flags", () => {
  it("strip symbols and set each stamp", () => {
    expect(linkerFlags(module)).toBe("-s -w -X example.org/tool.Version=v1");
  });
});
