//! A second thread for large sums: it takes as many of the rows as it gets at, since one processor alone waits for memory.

use std::hint;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, TryLockError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::weights::Weights;
use crate::fault_injection;

/// From how many weights on a sum is worth the way to another processor: those that no cache near the first holds.
const LARGE: usize = 1 << 17;

/// How many rows a thread takes at a time.
const TOGETHER: usize = 16;

/// How long the second thread looks out for the next sum before it sleeps: as long as lies between two sums of a layer, or two
/// steps of a run, and no longer, so that nothing runs between two keys.
const LOOKOUT: Duration = Duration::from_micros(100);

/// How often something is looked for before the processor is left to others, or the clock is looked at.
const LOOKS: usize = 256;

/// Writes what [`Weights::products`] does, to the same bits; large ones on two processors at once, where there is a second
/// one and no other thread of the program has the partner.
///
/// Allocates nothing where a sum as large was computed before.
pub fn products(weights: &Arc<Weights>, stride: usize, values: &[f64], sums: &mut [f64]) {
    static PARTNER: OnceLock<Option<Partner>> = OnceLock::new();
    let partner = (weights.len() >= LARGE).then(|| PARTNER.get_or_init(Partner::find).as_ref()).flatten();
    let hold = partner.map(|partner| (partner, partner.held.try_lock()));
    match hold {
        // What a panic left of a sum is overwritten by the next.
        Some((partner, Ok(_) | Err(TryLockError::Poisoned(_)))) => partner.share(weights, stride, values, sums),
        Some((_, Err(TryLockError::WouldBlock))) | None => weights.products(0, stride, values, sums),
    }
}

/// The second thread, as the first sees it.
struct Partner {
    /// Who shares a sum with it holds this.
    held: Mutex<()>,
    desk: Arc<Desk>,
    thread: JoinHandle<()>,
}

/// What the two hand to one another.
#[derive(Default)]
struct Desk {
    stage: AtomicU8,
    /// How often one of the two has asked for rows.
    asked: AtomicUsize,
    sheet: Mutex<Sheet>,
}

/// Nothing is to be done.
const NOTHING: u8 = 0;
/// There are rows for whoever takes them first.
const OFFERED: u8 = 1;
/// The second thread takes rows too.
const TAKEN: u8 = 2;
/// It has found none left, and all it took is computed.
const DONE: u8 = 3;

/// What is to be multiplied, and the sums of the rows that the second thread took.
#[derive(Default)]
struct Sheet {
    weights: Option<Arc<Weights>>,
    stride: usize,
    values: Vec<f64>,
    sums: Vec<f64>,
}

impl Partner {
    /// Starts the second thread, where there is a processor for it.
    fn find() -> Option<Self> {
        thread::available_parallelism().ok().filter(|processors| processors.get() > 1)?;
        let desk = Arc::new(Desk::default());
        let own = Arc::clone(&desk);
        let thread = thread::Builder::new().name("products".into()).spawn(move || own.serve()).ok()?;
        Some(Self { held: Mutex::new(()), desk, thread })
    }

    /// Computes rows from the first on, while the second thread computes them from the last on, until they meet.
    fn share(&self, weights: &Arc<Weights>, stride: usize, values: &[f64], sums: &mut [f64]) {
        let rows = sums.len();
        self.desk.with_sheet(|sheet| {
            sheet.weights = Some(Arc::clone(weights));
            sheet.stride = stride;
            sheet.values.clear();
            sheet.values.extend_from_slice(values);
            sheet.sums.resize(rows, 0.0);
        });
        self.desk.asked.store(0, Ordering::Relaxed);
        self.desk.stage.store(OFFERED, Ordering::Release);
        self.thread.thread().unpark();
        let mut own = 0;
        while own < rows && self.desk.gets_rows(rows) {
            let first = own;
            own = rows.min(own + TOGETHER);
            weights.products(first, stride, values, &mut sums[first..own]);
        }
        if self.desk.passes(OFFERED, NOTHING) {
            self.desk.with_sheet(|sheet| sheet.weights = None);
        } else if self.is_done() {
            self.desk.with_sheet(|sheet| sums[own..].copy_from_slice(&sheet.sums[own..]));
            self.desk.stage.store(NOTHING, Ordering::Release);
        } else {
            weights.products(own, stride, values, &mut sums[own..]);
        }
    }

    /// Waits until the second thread has done what it took; it never will where it is no more.
    fn is_done(&self) -> bool {
        loop {
            for _ in 0..LOOKS {
                if self.desk.stage.load(Ordering::Acquire) == DONE {
                    return true;
                }
                hint::spin_loop();
            }
            if self.thread.is_finished() {
                return false;
            }
            thread::yield_now();
        }
    }
}

impl Desk {
    /// Goes on from one stage to another, if it is at that one.
    fn passes(&self, from: u8, to: u8) -> bool {
        self.stage.compare_exchange(from, to, Ordering::Acquire, Ordering::Relaxed).is_ok()
    }

    /// Whether there are rows left for who asks.
    fn gets_rows(&self, rows: usize) -> bool {
        self.asked.fetch_add(1, Ordering::Relaxed) < rows.div_ceil(TOGETHER)
    }

    fn with_sheet(&self, edit: impl FnOnce(&mut Sheet)) {
        edit(&mut self.sheet.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Takes what is offered, again and again.
    fn serve(&self) -> ! {
        loop {
            self.look_out();
            if self.passes(OFFERED, TAKEN) {
                fault_injection::panic_if_named();
                self.with_sheet(|sheet| sheet.compute(|rows| self.gets_rows(rows)));
                self.stage.store(DONE, Ordering::Release);
            }
        }
    }

    /// Waits until something is offered, or somebody says that it might be.
    fn look_out(&self) {
        let since = Instant::now();
        while since.elapsed() < LOOKOUT {
            for _ in 0..LOOKS {
                if self.stage.load(Ordering::Relaxed) == OFFERED {
                    return;
                }
                hint::spin_loop();
            }
        }
        thread::park();
    }
}

impl Sheet {
    /// Computes rows from the last on, as long as it gets any, and lets the weights go, so that who alters them has them alone.
    fn compute(&mut self, gets_rows: impl Fn(usize) -> bool) {
        let Some(weights) = self.weights.take() else { return };
        // The first thread takes whole groups from the first row on: what is left over is in the last group here too.
        let mut groups = (0..self.sums.len()).step_by(TOGETHER).rev();
        let rows = self.sums.len();
        while gets_rows(rows)
            && let Some(first) = groups.next()
        {
            let own = first..rows.min(first + TOGETHER);
            weights.products(first, self.stride, &self.values, &mut self.sums[own]);
        }
    }
}
