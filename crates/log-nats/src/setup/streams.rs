//! The streams: how they have to be, making them, and telling what differs in one that exists.

use loquat_protocol::PartitionId;
use tokio::time::Instant;

use super::retried;
use crate::{
    OpenError, Options,
    link::Link,
    names,
    wire::{Republish, StreamConfig, StreamInfo, refusal},
};

/// How the stream of a partition has to be in an epoch.
pub(crate) fn partition_config(options: &Options, partition: PartitionId, epoch: u16) -> StreamConfig {
    let subject = names::subject(partition, epoch);
    StreamConfig {
        name: names::stream(partition),
        republish: Some(Republish { src: subject.clone(), dest: names::feed(partition) }),
        subjects: vec![subject],
        duplicate_window: u64::try_from(options.duplicate_window().as_nanos()).unwrap_or(u64::MAX),
        max_bytes: options.partition_bytes_max.map_or(-1, |bytes| i64::try_from(bytes).unwrap_or(i64::MAX)),
        max_msgs_per_subject: -1,
        allow_atomic: true,
        allow_rollup_hdrs: false,
        ..durable(options)
    }
}

/// How the control bucket's stream has to be.
pub(crate) fn control_config(options: &Options) -> StreamConfig {
    StreamConfig {
        name: names::CONTROL_STREAM.to_owned(),
        subjects: vec![names::control(">")],
        duplicate_window: 120_000_000_000,
        max_msgs_per_subject: 1,
        allow_rollup_hdrs: true,
        ..durable(options)
    }
}

/// What both have in common: on disk, replicated, refusing when full, never removing anything by itself.
fn durable(options: &Options) -> StreamConfig {
    StreamConfig {
        name: String::new(),
        subjects: Vec::new(),
        retention: "limits".to_owned(),
        storage: "file".to_owned(),
        discard: "new".to_owned(),
        num_replicas: options.replicas,
        max_age: 0,
        max_bytes: -1,
        max_msgs_per_subject: -1,
        duplicate_window: 0,
        allow_direct: true,
        allow_atomic: false,
        allow_rollup_hdrs: false,
        deny_delete: true,
        republish: None,
    }
}

/// Makes a stream unless it exists, and checks one that exists. A longer duplicate window and another bound of bytes
/// are taken over, as both are safe while it is in use; everything else that differs is a person's decision.
pub(crate) async fn ensure(link: &Link, wanted: &StreamConfig, deadline: Instant) -> Result<(), OpenError> {
    let name = &wanted.name;
    let empty = serde_json::json!({});
    let doing = format!("make or update stream {name}");
    let found = retried(&doing, deadline, async || {
        match link.api::<StreamInfo>(format!("$JS.API.STREAM.INFO.{name}"), &empty).await {
            Err(failure) if failure.err_code() == refusal::NO_STREAM => {}
            answer => return answer,
        }
        match link.api::<StreamInfo>(format!("$JS.API.STREAM.CREATE.{name}"), wanted).await {
            // Somebody else made it meanwhile.
            Err(failure) if failure.err_code() == refusal::NAME_IN_USE => {
                link.api(format!("$JS.API.STREAM.INFO.{name}"), &empty).await
            }
            answer => answer,
        }
    });
    let found = found.await?.config;
    let adopted = StreamConfig {
        duplicate_window: found.duplicate_window.max(wanted.duplicate_window),
        max_bytes: wanted.max_bytes,
        ..found.clone()
    };
    let differences = differences(&adopted, wanted);
    if !differences.is_empty() {
        let differences = differences.join("; ");
        return Err(OpenError::StreamDiffers { stream: name.clone(), differences });
    }
    if adopted != found {
        tracing::info!(stream = %name, "taking over the new duplicate window or bound of bytes");
        let updated = retried(&doing, deadline, async || {
            link.api::<StreamInfo>(format!("$JS.API.STREAM.UPDATE.{name}"), &adopted).await
        });
        updated.await?;
    }
    Ok(())
}

fn differences(found: &StreamConfig, wanted: &StreamConfig) -> Vec<String> {
    let mut differences = Vec::new();
    let mut compare = |field: &str, found: String, wanted: String| {
        if found != wanted {
            differences.push(format!("{field} is {found}, not {wanted}"));
        }
    };
    macro_rules! compare {
        ($($field:ident),*) => {
            $(compare(stringify!($field), format!("{:?}", found.$field), format!("{:?}", wanted.$field));)*
        };
    }
    compare!(subjects, retention, storage, discard, num_replicas, max_age, max_msgs_per_subject);
    compare!(allow_direct, allow_atomic, deny_delete, republish);
    let window = |nanos: u64| format!("{} s", nanos / 1_000_000_000);
    if found.duplicate_window != wanted.duplicate_window {
        // Longer than asked for: shortening would forget ids that are still within the old window.
        tracing::info!(
            stream = %found.name, found = window(found.duplicate_window), wanted = window(wanted.duplicate_window),
            "the stream remembers message ids longer than the settings ask"
        );
    }
    differences
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_named_with_both_values() {
        let options = Options::default();
        let wanted = partition_config(&options, PartitionId(3), 1);
        assert_eq!(differences(&wanted, &wanted), Vec::<String>::new());
        let found = StreamConfig { num_replicas: 1, discard: "old".to_owned(), ..wanted.clone() };
        let expected = ["discard is \"old\", not \"new\"", "num_replicas is 1, not 3"];
        assert_eq!(differences(&found, &wanted), expected);
    }
}
