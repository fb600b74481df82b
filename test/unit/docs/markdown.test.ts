import { expect, test } from "vitest";
import { table } from "../../../docs/markdown";

test("a bar in a cell is escaped, so that it does not end the cell", () => {
  expect(table(["a", "b"], [["1|2", "3"]])).toBe("| a | b |\n| --- | --- |\n| 1\\|2 | 3 |");
});
