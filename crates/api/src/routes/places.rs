//! What paths name.

use loquat_store::people::{InvitationId, PersonId, RoomId, SessionId, TokenId};
use serde::Deserialize;
use utoipa::IntoParams;

/// A room.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct RoomPlace {
    /// The room's id.
    #[param(value_type = String, pattern = "^r_[a-z2-7]{16}$", example = "r_k7wq2mzp5x3nc4ta")]
    pub room: RoomId,
}

/// A person.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct PersonPlace {
    /// The person's id.
    #[param(value_type = String, pattern = "^p_[a-z2-7]{16}$", example = "p_b3vh6yl2q5ojs7ue")]
    pub person: PersonId,
}

/// A person in a room.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct MemberPlace {
    /// The room's id.
    #[param(value_type = String, pattern = "^r_[a-z2-7]{16}$", example = "r_k7wq2mzp5x3nc4ta")]
    pub room: RoomId,
    /// The person's id.
    #[param(value_type = String, pattern = "^p_[a-z2-7]{16}$", example = "p_b3vh6yl2q5ojs7ue")]
    pub person: PersonId,
}

/// One of one's sessions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct SessionPlace {
    /// The session's id.
    #[param(value_type = String, pattern = "^s_[a-z2-7]{16}$", example = "s_d4xk2nq6wz7ymc3r")]
    pub session: SessionId,
}

/// One of one's tokens.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct TokenPlace {
    /// The token's id.
    #[param(value_type = String, pattern = "^t_[a-z2-7]{16}$", example = "t_h5zr3ov7kc2wpd6n")]
    pub token: TokenId,
}

/// An invitation to a room.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct RoomInvitationPlace {
    /// The room's id.
    #[param(value_type = String, pattern = "^r_[a-z2-7]{16}$", example = "r_k7wq2mzp5x3nc4ta")]
    pub room: RoomId,
    /// The invitation's id.
    #[param(value_type = String, pattern = "^i_[a-z2-7]{16}$", example = "i_m6ap4sx2ltd7qv3b")]
    pub invitation: InvitationId,
}

/// An invitation to the server.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct InvitationPlace {
    /// The invitation's id.
    #[param(value_type = String, pattern = "^i_[a-z2-7]{16}$", example = "i_m6ap4sx2ltd7qv3b")]
    pub invitation: InvitationId,
}

/// The code of an invitation.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct CodePlace {
    /// The code, as it stands in the link.
    #[param(pattern = "^[A-Za-z0-9_-]{43}$", example = "3q2-7w0aVh5mJt8yXc1uRzLkNpQfEbGdHsIoTvWxYZ4")]
    pub code: String,
}
