//! Spans as OpenTelemetry: one span per publish, a child per stage, exported in batches by a thread.

use std::sync::Arc;
use std::time::SystemTime;

use opentelemetry::trace::{Span, SpanBuilder, SpanKind, Status, TraceContextExt, TracerProvider};
use opentelemetry::{Context, KeyValue};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};

use super::post::PlainHttp;
use super::sample::Sampler;
use super::{Stage, TraceError, TraceOptions};

/// Starts traces; cheap to clone, one per process. Its last owner's drop sends what is left.
#[derive(Clone, Debug, Default)]
pub struct PublishTraces {
    on: Option<Arc<On>>,
}

#[derive(Debug)]
struct On {
    provider: SdkTracerProvider,
    tracer: SdkTracer,
    sampler: Sampler,
}

/// The trace of one publish. It travels with the publish; dropped early, it ends where it stands.
#[derive(Debug)]
pub struct PublishTrace {
    tracer: SdkTracer,
    /// Holds the span of the whole publish.
    context: Context,
    stage_began: SystemTime,
}

impl PublishTraces {
    /// No traces.
    pub fn off() -> Self {
        Self::default()
    }

    /// Starts the thread that sends spans. A collector that is away costs nothing but its spans: they wait
    /// in a bounded queue, and the surplus is dropped.
    ///
    /// # Errors
    /// A wrong endpoint, or an exporter that can't be built.
    pub fn start(options: &TraceOptions) -> Result<Self, TraceError> {
        let base = options.endpoint.trim_end_matches('/');
        let client = PlainHttp::to(base).ok_or_else(|| TraceError::Endpoint(options.endpoint.clone()))?;
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(client)
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(format!("{base}/v1/traces"))
            .build()
            .map_err(|error| TraceError::Exporter(error.to_string()))?;
        let resource = Resource::builder_empty()
            .with_service_name("loquat")
            .with_attribute(KeyValue::new("service.version", options.version.clone()))
            .build();
        let provider =
            SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build();
        let tracer = provider.tracer("loquat");
        Ok(Self { on: Some(Arc::new(On { provider, tracer, sampler: Sampler::new(options.ratio) })) })
    }

    /// Whether any publish is traced.
    pub fn is_on(&self) -> bool {
        self.on.is_some()
    }

    /// A publish was read from the socket; `Some` when it is one of those that are traced.
    pub fn begin(&self, connection: &str, channel: &str) -> Option<Box<PublishTrace>> {
        let on = self.on.as_ref().filter(|on| on.sampler.take())?;
        let now = SystemTime::now();
        let span = SpanBuilder::from_name("publish")
            .with_kind(SpanKind::Server)
            .with_start_time(now)
            .with_attributes([
                KeyValue::new("connection", connection.to_owned()),
                KeyValue::new("channel", channel.to_owned()),
            ])
            .start_with_context(&on.tracer, &Context::new());
        let context = Context::new().with_span(span);
        Some(Box::new(PublishTrace { tracer: on.tracer.clone(), context, stage_began: now }))
    }

    /// Sends what waits and returns when it is sent or has failed; for the end of a process.
    pub fn flush(&self) {
        if let Some(on) = &self.on
            && let Err(error) = on.provider.force_flush()
        {
            tracing::warn!(%error, "the last spans could not be sent");
        }
    }
}

impl PublishTrace {
    /// A stage is over.
    pub fn reached(&mut self, stage: Stage) {
        let name = match stage {
            Stage::Submitted => "validate",
            Stage::Durable => "append",
            Stage::Acknowledged => "acknowledge",
        };
        let now = SystemTime::now();
        SpanBuilder::from_name(name)
            .with_start_time(self.stage_began)
            .start_with_context(&self.tracer, &self.context)
            .end_with_timestamp(now);
        self.stage_began = now;
        if stage == Stage::Acknowledged {
            self.context.span().end_with_timestamp(now);
        }
    }

    /// The publish was refused; ends the trace with the error's code.
    pub fn refused(self, code: u32) {
        let span = self.context.span();
        span.set_attribute(KeyValue::new("error.code", i64::from(code)));
        span.set_status(Status::error("refused"));
        span.end();
    }
}
