//! The laws of the log, over three servers.

use crate::support::NatsFixture;

loquat_log::log_laws!(NatsFixture::start(3, 6));
