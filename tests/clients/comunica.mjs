// SPDX-License-Identifier: Apache-2.0
// Asks an endpoint through Comunica: node comunica.mjs ENDPOINT QUERY; prints bindings as JSON.
import { QueryEngine } from "@comunica/query-sparql";

const [endpoint, query] = process.argv.slice(2);
const bindings = await new QueryEngine().queryBindings(query, {
  sources: [{ type: "sparql", value: endpoint }],
});
const rows = [];
for (const row of await bindings.toArray()) {
  rows.push(Object.fromEntries([...row].map(([name, term]) => [name.value, term.value])));
}
console.log(JSON.stringify(rows));
