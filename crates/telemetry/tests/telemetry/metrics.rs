//! The catalogue of metrics.

use loquat_telemetry::{ApiRoute, ChatLimit, CloseReason, Law, Metrics, SignIn, WordLabel};

#[test]
fn counts_show_up_under_their_names() {
    let metrics = Metrics::new("1.2.3");
    metrics.connections_open.set(3);
    metrics.connections_closed.of(CloseReason::Behind).inc();
    metrics.messages_delivered.inc_by(1000);
    metrics.nack(40160);
    metrics.http_request(201);
    metrics.log_head(7).set(42);
    metrics.append_seconds.observe(0.003);
    metrics.law_broken(Law::Ord1, "a test");
    let text = metrics.encode();
    for line in [
        "loquat_build_info{version=\"1.2.3\"} 1",
        "loquat_connections_open 3",
        "loquat_connections_closed_total{reason=\"behind\"} 1",
        "loquat_connections_closed_total{reason=\"client\"} 0",
        "loquat_messages_delivered_total 1000",
        "loquat_nacks_total{code=\"40160\"} 1",
        "loquat_http_requests_total{status=\"201\"} 1",
        "loquat_log_head{partition=\"7\"} 42",
        "loquat_append_seconds_count 1",
        "loquat_law_violations_total{law=\"ORD-1\"} 1",
        "loquat_law_violations_total{law=\"GAP-1\"} 0",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} in\n{text}");
    }
    assert!(text.ends_with("# EOF\n"));
}

#[test]
fn the_chat_product_has_its_part() {
    let metrics = Metrics::new("0");
    metrics.chat.sign_ins.of(SignIn::Wrong).inc();
    metrics.chat.refused.of(ChatLimit::Additions).inc();
    metrics.chat.answered(ApiRoute::Rooms, 201, 0.004);
    metrics.chat.answered(ApiRoute::Rooms, 404, 0.001);
    let text = metrics.encode();
    for line in [
        "loquat_chat_sign_ins_total{result=\"wrong\"} 1",
        "loquat_chat_sign_ins_total{result=\"ok\"} 0",
        "loquat_chat_refused_total{what=\"additions\"} 1",
        "loquat_api_requests_total{route=\"rooms\",status=\"201\"} 1",
        "loquat_api_requests_total{route=\"rooms\",status=\"404\"} 1",
        "loquat_api_request_seconds_count{route=\"rooms\"} 2",
        "loquat_api_request_seconds_bucket{le=\"0.001\",route=\"rooms\"} 1",
        "loquat_api_request_seconds_count{route=\"messages\"} 0",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} in\n{text}");
    }
}

#[test]
fn the_process_tells_of_itself() {
    let text = Metrics::new("0").encode();
    let value = |name: &str| -> f64 {
        let line = text.lines().find(|line| line.starts_with(&format!("{name} "))).unwrap();
        line.rsplit(' ').next().unwrap().parse().unwrap()
    };
    assert!(value("process_resident_memory_bytes") > 100_000.0);
    assert!(value("process_open_fds") >= 3.0);
    assert!(value("process_cpu_seconds") >= 0.0);
    assert!(value("loquat_uptime_seconds") >= 0.0);
}

#[test]
fn every_label_value_has_its_own_counter() {
    let metrics = Metrics::new("0");
    for (times, reason) in CloseReason::ALL.iter().enumerate() {
        metrics.connections_closed.of(*reason).inc_by(times as u64);
    }
    for (times, reason) in CloseReason::ALL.iter().enumerate() {
        assert_eq!(metrics.connections_closed.of(*reason).get(), times as u64);
    }
}

#[test]
fn the_reference_has_a_kind_and_a_help_for_every_metric() {
    let rows = Metrics::reference();
    assert!(rows.len() > 30);
    assert!(rows.iter().any(|(name, ..)| name == "loquat_nacks"));
    for (name, kind, help) in rows {
        assert!(!kind.is_empty() && !help.is_empty(), "{name}: {kind} {help}");
        assert!(name.starts_with("loquat_") || name.starts_with("process_"));
    }
}
