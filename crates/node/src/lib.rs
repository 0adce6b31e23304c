//! The shell around the core: shards, feed, projector, presence.
