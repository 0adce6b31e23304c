//! Many rooms of a few members each: the shape of chat.

use crate::error::BenchError;
use crate::options::Scenario;
use crate::report::{Bar, Section};
use crate::scenario::Context;
use crate::scenario::compare::Frame;
use crate::scenario::fanout::{CPU, loaded};
use crate::scenario::load::{DRAIN, Pace, Plan};

/// One message a second in each room, from its members in turn, who get it back as well.
pub fn run(context: &Context<'_>) -> Result<Section, BenchError> {
    let options = context.options;
    let plan = Plan {
        channels: options.rooms,
        members: options.members,
        outside_publisher: false,
        pace: Pace::Rate(1.0),
        size: options.size,
        warmup: options.warmup(),
        duration: options.duration(),
        drain: DRAIN,
    };
    let conditions = format!(
        "{} rooms x {} members, 1 message/s x {} B per room, from the members in turn, echo on, {}, {} s; \
         bare loop: one write per frame and member",
        options.rooms,
        options.members,
        options.size,
        context.wire(),
        options.seconds
    );
    let frame = Frame { scenario: "rooms", conditions };
    let mut section = loaded(context, frame, &plan, Scenario::BareFanout)?;
    let cpu = section.ratio(CPU);
    section.bars.push(Bar::at_most("CPU per delivery, times the bare loop's, at most 2.5", 2.5, cpu));
    Ok(section)
}
