//! The chat product.
