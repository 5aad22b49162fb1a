/** Tags of OTLP's trace.proto and common.proto: field number and wire type. */

export const RESOURCE_SPANS = 0x0a;
export const RESOURCE = 0x0a;
export const RESOURCE_ATTRIBUTES = 0x0a;
export const RESOURCE_DROPPED_ATTRIBUTES = 0x10;
export const SCOPE_SPANS = 0x12;
export const SCOPE = 0x0a;
export const SCOPE_NAME = 0x0a;
export const SCOPE_VERSION = 0x12;
export const SCHEMA_URL = 0x1a;
export const SPANS = 0x12;

export const TRACE_ID = 0x0a;
export const SPAN_ID = 0x12;
export const TRACE_STATE = 0x1a;
export const PARENT_SPAN_ID = 0x22;
export const NAME = 0x2a;
export const KIND = 0x30;
export const START_TIME = 0x39;
export const END_TIME = 0x41;
export const ATTRIBUTES = 0x4a;
export const DROPPED_ATTRIBUTES = 0x50;
export const EVENTS = 0x5a;
export const DROPPED_EVENTS = 0x60;
export const LINKS = 0x6a;
export const DROPPED_LINKS = 0x70;
export const STATUS = 0x7a;
export const FLAGS = 0x85;

export const EVENT_TIME = 0x09;
export const EVENT_NAME = 0x12;
export const EVENT_ATTRIBUTES = 0x1a;
export const EVENT_DROPPED_ATTRIBUTES = 0x20;

export const LINK_ATTRIBUTES = 0x22;
export const LINK_DROPPED_ATTRIBUTES = 0x28;
export const LINK_FLAGS = 0x35;

export const STATUS_MESSAGE = 0x12;
export const STATUS_CODE = 0x18;

export const KEY = 0x0a;
export const VALUE = 0x12;
export const STRING_VALUE = 0x0a;
export const BOOL_VALUE = 0x10;
export const INT_VALUE = 0x18;
export const DOUBLE_VALUE = 0x21;
export const ARRAY_VALUE = 0x2a;
export const KEY_VALUE_LIST = 0x32;
export const BYTES_VALUE = 0x3a;
export const ELEMENT = 0x0a;
