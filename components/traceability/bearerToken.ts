/** The archive's token, as a header can carry it. */

/** Characters of a bearer token (RFC 6750). */
const BEARER_TOKEN = /^[A-Za-z0-9._~+/-]+=*$/;

/**
 * A token without the line's end that a file or a terminal adds.
 * @throws Error that does not show it when it is no bearer token
 */
export function bearerToken(text: string): string {
  const token = text.trim();
  if (!BEARER_TOKEN.test(token)) {
    throw new Error(
      `the secret key atlas-site:logToken holds ${token === "" ? "nothing" : "characters that no bearer token has"}; ` +
        "allowed are letters, digits and . _ ~ + / - with = at the end; set it by: pulumi config set --secret atlas-site:logToken",
    );
  }
  return token;
}
