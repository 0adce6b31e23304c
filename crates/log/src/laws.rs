//! The laws as tests, over any engine.
