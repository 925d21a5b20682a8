// SPDX-License-Identifier: Apache-2.0
// Asks an endpoint through fetch-sparql-endpoint: node fetcher.mjs KIND ENDPOINT TEXT [TOKEN];
// prints bindings, triples or the answer as JSON.
import { SparqlEndpointFetcher } from "fetch-sparql-endpoint";

const [kind, endpoint, text, token] = process.argv.slice(2);
const headers = new Headers(token ? { Authorization: `Bearer ${token}` } : {});
const fetcher = new SparqlEndpointFetcher({ defaultHeaders: headers });
const collect = async (stream, read) => {
  const found = [];
  for await (const item of stream) found.push(read(item));
  return found;
};
const ask = {
  bindings: async () =>
    collect(await fetcher.fetchBindings(endpoint, text), (row) =>
      Object.fromEntries(Object.entries(row).map(([name, term]) => [name, term.value])),
    ),
  triples: async () =>
    collect(await fetcher.fetchTriples(endpoint, text), (quad) => [
      quad.subject.value,
      quad.predicate.value,
      quad.object.value,
    ]),
  ask: () => fetcher.fetchAsk(endpoint, text),
  update: async () => (await fetcher.fetchUpdate(endpoint, text)) ?? null,
};
console.log(JSON.stringify(await ask[kind]()));
