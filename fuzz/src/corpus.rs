//! Inputs worth keeping: for this run those that reach something new, for ever those that once failed.

use std::path::{Path, PathBuf};

use crate::coverage;
use crate::random::Random;
use crate::targets::Target;

/// Most inputs that are kept; beyond, a new one replaces an old one.
const INPUTS_MAX: usize = 4_096;

/// The inputs of a run and what they reached.
pub(crate) struct Corpus {
    inputs: Vec<Vec<u8>>,
    /// Per edge the classes of counts that were seen, a bit each.
    seen: Vec<u16>,
}

impl Corpus {
    pub(crate) fn new() -> Self {
        Self { inputs: Vec::new(), seen: vec![0; coverage::edges()] }
    }

    /// Runs an input; keeps it if it reached anything new.
    pub(crate) fn observe(&mut self, input: &[u8], target: impl FnOnce(), random: &mut Random) {
        let mut new = false;
        coverage::observe(target, |edge, class| {
            let bit = 1 << class;
            new |= self.seen[edge] & bit == 0;
            self.seen[edge] |= bit;
        });
        if new && self.inputs.len() < INPUTS_MAX {
            self.inputs.push(input.to_vec());
        } else if new {
            let replaced = random.below(self.inputs.len());
            self.inputs[replaced] = input.to_vec();
        }
    }

    /// Any input that was kept; empty when there is none.
    pub(crate) fn any(&self, random: &mut Random) -> &[u8] {
        if self.inputs.is_empty() { &[] } else { random.of::<Vec<u8>>(&self.inputs) }
    }

    pub(crate) fn len(&self) -> usize {
        self.inputs.len()
    }

    pub(crate) fn edges_seen(&self) -> usize {
        self.seen.iter().filter(|classes| **classes != 0).count()
    }
}

fn folder(target: &Target) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target.name)
}

/// The inputs that once failed, with their files.
pub(crate) fn findings(target: &Target) -> Vec<(PathBuf, Vec<u8>)> {
    let Ok(entries) = std::fs::read_dir(folder(target)) else { return Vec::new() };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths.into_iter().filter_map(|path| std::fs::read(&path).ok().map(|input| (path, input))).collect()
}

/// Writes an input that failed down, and says where.
pub(crate) fn keep_finding(target: &Target, input: &[u8]) -> String {
    let sum = input
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    let path = folder(target).join(format!("{sum:016x}"));
    let written = std::fs::create_dir_all(folder(target)).and_then(|()| std::fs::write(&path, input));
    match written {
        Ok(()) => path.display().to_string(),
        Err(error) => format!("nowhere ({error}): {:?}", input.escape_ascii().to_string()),
    }
}
