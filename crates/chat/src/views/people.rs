//! People.

use loquat_store::people::{Email, Handle, Person, PersonId, PersonRole, Recovery};
use serde::Serialize;

/// A person as everybody sees them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Person))]
pub struct PersonView {
    /// Their id, for ever; also the clientId of what they send.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "p_aaaaaaaaaaaaaaaa"))]
    pub id: PersonId,
    /// What they are mentioned by, without the `@`.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "ada"))]
    pub handle: Handle,
    /// What they are called.
    #[cfg_attr(feature = "openapi", schema(example = "Ada Lovelace"))]
    pub name: String,
    /// Their time zone, by its IANA name.
    #[cfg_attr(feature = "openapi", schema(required = true, example = "Europe/London"))]
    pub time_zone: Option<String>,
    /// Whether the account is out of use.
    pub deactivated: bool,
    /// What they are to the server.
    #[cfg_attr(feature = "openapi", schema(value_type = super::schema::PersonRole))]
    pub role: PersonRole,
    /// Rises with every change.
    pub version: u64,
}

impl From<&Person> for PersonView {
    fn from(person: &Person) -> Self {
        Self {
            id: person.id.clone(),
            handle: person.handle.clone(),
            name: person.name.clone(),
            time_zone: person.time_zone.clone(),
            deactivated: person.deactivated_ms.is_some(),
            role: person.role,
            version: person.version,
        }
    }
}

/// An account as its owner and administrators see it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Account))]
pub struct AccountView {
    /// What everybody sees.
    #[serde(flatten)]
    pub person: PersonView,
    /// Their e-mail address.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, required = true, example = "ada@example.org"))]
    pub email: Option<Email>,
    /// When the account was made, milliseconds since 1970.
    pub created_ms: u64,
}

impl From<&Person> for AccountView {
    fn from(person: &Person) -> Self {
        Self { person: person.into(), email: person.email.clone(), created_ms: person.created_ms }
    }
}

/// An account as administrators see it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ManagedAccount))]
pub struct ManagedAccountView {
    /// What its owner sees.
    #[serde(flatten)]
    pub account: AccountView,
    /// Since when it is out of use, milliseconds since 1970.
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub deactivated_ms: Option<u64>,
    /// In how many browsers and apps they are signed in.
    pub sessions: u32,
}

/// Somebody who cannot sign in and asked for help.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Recovery))]
pub struct RecoveryView {
    /// Who.
    pub person: PersonView,
    /// When they asked last, milliseconds since 1970.
    pub at_ms: u64,
}

impl RecoveryView {
    pub(crate) fn new(recovery: &Recovery, person: &Person) -> Self {
        Self { person: person.into(), at_ms: recovery.at_ms }
    }
}
