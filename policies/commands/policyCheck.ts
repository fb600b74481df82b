/** `atlas-site-policy-check`: the check as a command of another repository, from the package in `policies/package/`. */
import { readFileSync } from "node:fs";
import { checkCommand } from "./checkCommand";
import { today } from "./choice";
import { runCommand } from "./usage";

runCommand((argv) =>
  checkCommand(argv, {
    from: process.cwd(),
    // With --stack: a fork's stack files lie below the folder that it runs in.
    project: process.cwd(),
    today: today(),
    stdin: () => readFileSync(0, "utf8"),
    print: (text) => console.log(text),
  }),
);
