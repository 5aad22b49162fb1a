// The versions of LangChain that the adapter is tested with: the newest minor of each package and the two before it. The newest is what
// is installed here; the oldest are the lower ends of the peer ranges.
export const packages = [
  "langchain",
  "@langchain/core",
  "@langchain/langgraph",
  "@langchain/langgraph-checkpoint",
] as const;

export type Versions = Readonly<Record<(typeof packages)[number], string>>;

export const cells: Readonly<Record<"newest" | "before" | "oldest", Versions>> = {
  newest: {
    langchain: "1.5.14",
    "@langchain/core": "1.4.0",
    "@langchain/langgraph": "1.7.3",
    "@langchain/langgraph-checkpoint": "1.2.2",
  },
  before: {
    langchain: "1.4.6",
    "@langchain/core": "1.3.5",
    "@langchain/langgraph": "1.5.3",
    "@langchain/langgraph-checkpoint": "1.2.1",
  },
  oldest: {
    langchain: "1.3.5",
    "@langchain/core": "1.2.13",
    "@langchain/langgraph": "1.4.18",
    "@langchain/langgraph-checkpoint": "1.1.5",
  },
};
