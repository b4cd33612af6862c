/** What docs/api.md says before it comes to the routes. */
export const RULES = `# The admin API

This page is generated from the routes themselves; a test keeps it fresh. A running daemon tells the same as an OpenAPI 3.1 document:
\`GET /v1/openapi.json\`.

The API is served on a unix socket, \`/run/sluice/admin.sock\` unless \`--admin-socket\` says otherwise, that root and the socket's
group may use (0660), and on TCP for who has a token ([admin-api.md](admin-api.md)):

\`\`\`sh
curl --unix-socket /run/sluice/admin.sock http://sluice/v1/targets
curl --unix-socket /run/sluice/admin.sock --json '{"state": "drain"}' -X PUT http://sluice/v1/targets/web/10.0.0.1:8080/state
\`\`\`

- **Bodies** are JSON, with the header \`content-type: application/json\`, of at most 64 KiB. Fields that a body does not have are refused.
- **Errors** are problems (RFC 9457, \`application/problem+json\`): \`code\` is one of the codes in [cli.md](cli.md), \`fix\` says what to
  do, \`details\` has every field that is wrong, with a JSON pointer to it. Every route may answer with one.
- **Lists** have the parameters \`limit\`, \`offset\` and \`proxy\`, and tell the \`total\`.
- **Names** in paths are percent-encoded: proxies may have any name, and IPv6 targets have brackets.
- **Nothing changes by a GET.**
`;
