/* eslint-disable @typescript-eslint/no-require-imports -- Node 20 cannot require a module of the other kind. */
// What Pulumi loads. It would compile the pack with ts-node, types and all, in every preview; the types are checked once,
// by the project's own checks, so here tsx only takes them off: 1.4 s instead of 3.5 s until the pack answers.
require("tsx/cjs/api").register();
require("./index.ts");
