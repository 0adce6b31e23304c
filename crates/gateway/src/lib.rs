//! HTTP, TLS and the REST API; hands upgraded sockets to the node's shards.
