/** `npm run policy:check`: says what the pack finds in manifests. See `usage.ts`. */
import { readFileSync } from "node:fs";
import { checkCommand } from "./checkCommand";
import { today } from "./choice";
import { runCommand } from "./usage";

runCommand((argv) =>
  checkCommand(argv, {
    // npm runs scripts in the project's folder, and tells where it was started.
    from: process.env.INIT_CWD ?? process.cwd(),
    project: process.cwd(),
    today: today(),
    stdin: () => readFileSync(0, "utf8"),
    print: (text) => console.log(text),
  }),
);
