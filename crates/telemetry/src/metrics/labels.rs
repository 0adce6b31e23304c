//! Labels whose values are known beforehand.

use std::marker::PhantomData;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::TypedMetric;
use prometheus_client::metrics::family::{Family, MetricConstructor};
use prometheus_client::registry::Metric;

/// A closed set of label values.
pub trait WordLabel: Copy + 'static {
    /// The label's name.
    const NAME: &'static str;
    /// Every value, in the order of [`WordLabel::index`].
    const ALL: &'static [Self];

    /// The value as it is written.
    fn word(self) -> &'static str;
    /// Place in [`WordLabel::ALL`].
    fn index(self) -> usize;
}

/// One metric per value of a closed label, found by index: no lock, no hashing. Every value is shown from
/// the start, so that a graph of a rare event has a zero to begin with.
pub struct Labelled<L, M> {
    metrics: Vec<M>,
    label: PhantomData<L>,
}

impl<L: WordLabel, M: Metric + TypedMetric + Clone> Labelled<L, M> {
    pub(crate) fn new<C>(family: &Family<Vec<(&'static str, &'static str)>, M, C>) -> Self
    where
        C: MetricConstructor<M>,
    {
        let one = |value: &L| family.get_or_create(&vec![(L::NAME, value.word())]).clone();
        Self { metrics: L::ALL.iter().map(one).collect(), label: PhantomData }
    }

    /// The metric of one value.
    pub fn of(&self, value: L) -> &M {
        &self.metrics[value.index()]
    }
}

/// A protocol error code.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Code {
    pub code: u32,
}

/// A partition of the log.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Partition {
    pub partition: u32,
}

/// A consumer of the log.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Consumer {
    pub consumer: &'static str,
}

/// An answer of the chat product's API.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Answer {
    pub route: &'static str,
    pub status: u16,
}

/// An HTTP status.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Status {
    pub status: u16,
}
