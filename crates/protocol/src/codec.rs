//! The two wire formats. Both carry the same fields; JSON carries bytes as base64.

pub mod json;
pub mod lenient;
pub mod msgpack;
mod sparse;

use serde::{Serialize, de::DeserializeOwned};

use crate::{ErrorCode, ErrorInfo};

/// Deepest nesting of arrays and objects that is read.
pub const DEPTH_MAX: usize = 64;

/// A wire format.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Format {
    /// `application/json`, text frames.
    #[default]
    Json,
    /// `application/x-msgpack`, binary frames.
    Msgpack,
}

impl Format {
    /// Every format, for tables indexed by `Format as usize`.
    pub const ALL: [Self; 2] = [Self::Json, Self::Msgpack];

    /// The content type, without parameters (clients compare it exactly).
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Msgpack => "application/x-msgpack",
        }
    }

    /// Encodes a value, appending to `out`. Our own types always encode.
    pub fn encode_into<T: Serialize + ?Sized>(self, value: &T, out: &mut Vec<u8>) {
        match self {
            Self::Json => json::encode_into(value, out),
            Self::Msgpack => msgpack::encode_into(value, out),
        }
    }

    /// Encodes a value.
    pub fn encode<T: Serialize + ?Sized>(self, value: &T) -> Vec<u8> {
        let mut out = Vec::with_capacity(256);
        self.encode_into(value, &mut out);
        out
    }

    /// Decodes a value; the whole input must be one value.
    ///
    /// # Errors
    /// 40000 with what is wrong and where.
    pub fn decode<T: DeserializeOwned>(self, input: &[u8]) -> Result<T, ErrorInfo> {
        match self {
            Self::Json => json::decode(input),
            Self::Msgpack => msgpack::decode(input),
        }
        .map_err(|why| {
            ErrorInfo::new(ErrorCode::BadRequest, format!("cannot be read as {}: {why}", self.content_type()))
        })
    }
}
