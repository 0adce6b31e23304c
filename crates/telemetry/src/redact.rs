//! Addresses without their secrets.

use std::borrow::Cow;

/// Query parameters that carry a secret: an API key, a token, or a connection key, which resumes a
/// connection for whoever holds it.
const SECRET_PARAMETERS: &[&str] =
    &["key", "access_token", "accesstoken", "token", "resume", "recover", "connectionkey", "mac", "ablykey"];

/// A request's path and query, fit for a log line: the values of secret parameters become dots.
///
/// ```
/// assert_eq!(loquat_telemetry::redact::query("/?v=6&key=a.b:c"), "/?v=6&key=••••");
/// ```
pub fn query(path_and_query: &str) -> Cow<'_, str> {
    let Some((path, query)) = path_and_query.split_once('?') else { return path_and_query.into() };
    if !query.split('&').any(is_secret) {
        return path_and_query.into();
    }
    let parts: Vec<_> = query
        .split('&')
        .map(|part| match part.split_once('=') {
            Some((name, _)) if is_secret(part) => format!("{name}=••••"),
            _ => part.to_owned(),
        })
        .collect();
    format!("{path}?{}", parts.join("&")).into()
}

fn is_secret(parameter: &str) -> bool {
    let name = parameter.split_once('=').map_or(parameter, |(name, _)| name);
    SECRET_PARAMETERS.iter().any(|secret| name.eq_ignore_ascii_case(secret)) || name.contains('%')
}
