//! The cluster log engine on NATS JetStream.
