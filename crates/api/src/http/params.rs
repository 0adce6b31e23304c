//! The query of a request, as strictly read as its body.

use axum::extract::FromRequestParts;
use http::request::Parts;
use loquat_protocol::ErrorCode;
use serde::de::DeserializeOwned;

use super::wrong;
use crate::Problem;

/// The query, read as a struct of its own.
#[derive(Debug)]
pub struct Params<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parse(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

fn parse<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
    let pairs = form_urlencoded::parse(query.as_bytes());
    let deserializer = serde_urlencoded::Deserializer::new(pairs);
    wrong::read(deserializer, ErrorCode::InvalidParameter, "query")
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize, Debug, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        limit: Option<u16>,
        prefix: Option<String>,
    }

    #[test]
    fn a_query_is_read_and_decoded() {
        let expected = Sample { limit: Some(3), prefix: Some("a b".to_owned()) };
        assert_eq!(parse::<Sample>("limit=3&prefix=a%20b").unwrap(), expected);
        assert_eq!(parse::<Sample>("").unwrap(), Sample { limit: None, prefix: None });
    }

    #[test]
    fn what_is_wrong_or_unknown_is_named() {
        for (query, field) in [("limit=x", "limit"), ("limt=3", "limt"), ("limit=1&limit=2", "limit")] {
            let problem = serde_json::to_value(parse::<Sample>(query).unwrap_err()).unwrap();
            assert_eq!(problem["code"], 40003, "{query}");
            assert_eq!(problem["errors"][0]["field"], field, "{query}");
        }
    }
}
