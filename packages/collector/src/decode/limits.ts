/** What one request may hold. A span over a limit is rejected and the rest kept; too many spans or values refuse the request. */
export interface DecodeLimits {
  /** Spans a request. Default 100,000: a body of 20 MB has no room for more that say anything. */
  spansMax: number;
  /** Attributes of one span, event, link or resource. Default 4,096: some emitters flatten whole conversations into attributes. */
  attributesMax: number;
  /** Events of one span. Default 65,536: on a carrier each event is one blob. */
  eventsMax: number;
  /** Links of one span. Default 1,024. */
  linksMax: number;
  /** Attributes, events, links, resources and scopes of a request together. Default 2,000,000: in protobuf an empty one has two bytes. */
  valuesMax: number;
  /** Levels of arrays and maps inside one attribute. Default 32. */
  depthMax: number;
}

export const defaultDecodeLimits: DecodeLimits = {
  spansMax: 100_000,
  attributesMax: 4096,
  eventsMax: 65_536,
  linksMax: 1024,
  valuesMax: 2_000_000,
  depthMax: 32,
};
