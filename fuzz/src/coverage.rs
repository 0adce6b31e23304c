//! The counters that the compiler adds: one byte per edge of the control flow, counted by the code itself.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Address and length of the counters; they live as long as the process.
static START: AtomicUsize = AtomicUsize::new(0);
static LENGTH: AtomicUsize = AtomicUsize::new(0);

/// Called by the instrumented program as it starts, with the bounds of all its counters.
///
/// # Safety
/// The compiler's instrumentation is the only caller; the bounds are those of one static array.
#[unsafe(no_mangle)]
unsafe extern "C" fn __sanitizer_cov_8bit_counters_init(start: *mut u8, stop: *mut u8) {
    START.store(start as usize, Ordering::Relaxed);
    LENGTH.store(stop as usize - start as usize, Ordering::Relaxed);
}

/// How many edges are counted.
pub(crate) fn edges() -> usize {
    LENGTH.load(Ordering::Relaxed)
}

/// Runs `target` and calls `on_edge` with each edge it took and how often, in classes (1, 2, 3, 4–7, 8–15, …).
pub(crate) fn observe(target: impl FnOnce(), mut on_edge: impl FnMut(usize, u8)) {
    let (start, length) = (START.load(Ordering::Relaxed) as *mut u8, edges());
    // SAFETY: the bounds were given by the instrumentation; targets run on this thread alone, and what other
    // threads count meanwhile (the watchdog's few edges) may be lost without harm.
    unsafe { start.write_bytes(0, length) };
    target();
    // SAFETY: as above; nothing writes to them while they are looked at but the counting of this very loop,
    // whose edges are always the same.
    let counters = unsafe { std::slice::from_raw_parts(start, length) };
    for (index, block) in counters.chunks(BLOCK).enumerate() {
        // Nearly all blocks are zero; comparing whole blocks is the library's fast path.
        if *block == ZEROS[..block.len()] {
            continue;
        }
        for (offset, count) in block.iter().enumerate().filter(|(_, count)| **count != 0) {
            on_edge(index * BLOCK + offset, class(*count));
        }
    }
}

const BLOCK: usize = 256;
const ZEROS: [u8; BLOCK] = [0; BLOCK];

fn class(count: u8) -> u8 {
    match count {
        0..=3 => count,
        4..=7 => 4,
        8..=15 => 5,
        16..=31 => 6,
        32..=127 => 7,
        _ => 8,
    }
}
