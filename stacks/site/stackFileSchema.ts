/**
 * JSON schema of a whole stack file: the sections of the site as zod exports them, inside Pulumi's `config:`. It is draft
 * 7, which the YAML language server knows best. The loader's cross-checks are beyond what it can say.
 */
import { z } from "zod";
import { namespace, secretKeys } from "./configKeys";
import { siteSchema } from "./site";

type Json = Record<string, unknown>;

/** What Pulumi puts in the place of a secret. */
const encrypted: Json = {
  type: "object",
  properties: { secure: { type: "string", description: "Encrypted by `pulumi config set --secret`." } },
  required: ["secure"],
  additionalProperties: false,
};

/** The schema as an object. */
export function stackFileSchema(): Json {
  const site = z.toJSONSchema(siteSchema, {
    io: "input",
    target: "draft-7",
    override: ({ jsonSchema }) => withoutOddities(jsonSchema as Json),
  }) as Json & {
    properties: Record<string, Json>;
    required: string[];
  };
  const sections = Object.keys(site.properties);
  const prefixed = Object.entries(site.properties).map(([name, section]) => [`${namespace}:${name}`, section]);
  const secrets = Object.entries(secretKeys).map(([name, command]) => [
    `${namespace}:${name}`,
    { ...encrypted, description: `Secret, set by: ${command}` },
  ]);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Stack file of an ATLAS site",
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: Object.fromEntries([...prefixed, ...secrets]) as Json,
        // Other encrypted keys are allowed; keys of other namespaces (openstack:, pulumi:) are anybody's.
        patternProperties: { [`^${namespace}:(?!(${sections.join("|")})$)`]: encrypted, [`^(?!${namespace}:).+:`]: {} },
        additionalProperties: false,
        required: site.required.map((name) => `${namespace}:${name}`),
      },
      encryptionsalt: { type: "string", description: "Written by Pulumi for passphrase encryption." },
      encryptedkey: { type: "string", description: "Written by Pulumi for a key service." },
      secretsprovider: { type: "string", description: "Who encrypts the secrets, e.g. passphrase." },
    },
    required: ["config"],
  };
}

/** Removes what says nothing to a reader: the largest number JavaScript counts with, and a keyword of our own. */
function withoutOddities(schema: Json): void {
  delete schema.unit;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) {
    delete schema.maximum;
  }
}

/** The schema as the text of its file. */
export function stackFileSchemaText(): string {
  return `${JSON.stringify(stackFileSchema(), undefined, 2)}\n`;
}
