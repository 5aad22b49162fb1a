/** The web of this example: a handful of pages, so that every run finds the same things. */
interface Page {
  url: string;
  title: string;
  text: string;
}

const pages: readonly Page[] = [
  {
    url: "https://nordic-compiler-days.example/2027/tickets",
    title: "Tickets · Nordic Compiler Days 2027",
    text: "Tickets for Nordic Compiler Days 2027. Early bird until 15 January 2027: kr 4 950. Regular: kr 6 200. Students: kr 1 900. Every ticket covers both days, lunch and the boat trip on Thursday evening. Prices include VAT.",
  },
  {
    url: "https://nordic-compiler-days.example/2027/venue",
    title: "Venue and dates · Nordic Compiler Days 2027",
    text: "Nordic Compiler Days take place on 20 and 21 May 2027 in Bergen, Norway, in the old rope factory on the harbour. Doors open at 8.30. The light rail from the airport stops five minutes away.",
  },
  {
    url: "https://nordic-compiler-days.example/2026/recap",
    title: "What we saw at Nordic Compiler Days 2026",
    text: "Register allocation was everywhere. Forty talks, two hundred people, one very long queue for waffles.",
  },
  {
    url: "https://travel-notes.example/bergen-in-may",
    title: "Bergen in May: bring a raincoat",
    text: "Bergen has rain on two days of three in May. Hotels near the harbour start at kr 1 400 a night.",
  },
];

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[a-z0-9]+/g) ?? [];

/** The three pages that share most words with the query, best first. */
export function searchPages(query: string): { url: string; title: string; snippet: string }[] {
  const wanted = new Set(wordsOf(query));
  return pages
    .map((page) => ({
      page,
      score: wordsOf(`${page.title} ${page.text}`).filter((word) => wanted.has(word)).length,
    }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.page.url.localeCompare(b.page.url))
    .slice(0, 3)
    .map(({ page }) => ({ url: page.url, title: page.title, snippet: `${page.text.slice(0, 80)}…` }));
}

/** @throws Error when there is no such page. */
export function readPage(url: string): Page {
  const page = pages.find((candidate) => candidate.url === url);
  if (!page) throw new Error(`404 for ${url}`);
  return page;
}

/** What one unit of a currency is worth in euro. Fixed, so that every run gets the same sum. */
export const euroRates: ReadonlyMap<string, number> = new Map([
  ["EUR", 1],
  ["NOK", 0.0852],
  ["SEK", 0.0891],
  ["DKK", 0.134],
  ["ISK", 0.0069],
  ["GBP", 1.17],
  ["USD", 0.92],
]);
