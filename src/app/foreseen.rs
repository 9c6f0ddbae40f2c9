//! How large things get on the screen in the timesteps around the cursor, found once for all of them, so that nothing moves
//! as numbers come.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;

use super::settings::Language;
use crate::engine::network::Network;

/// The most timesteps that are looked at together: a shorter run is looked at as a whole.
const MOST: usize = 32;

/// The most weights that are multiplied for that at once.
const MOST_WORK: usize = 1 << 21;

/// Columns or lines: what they are is known where they are asked for.
pub type Extent = [usize; 8];

/// What has an extent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is named after the part of the screen it is of")]
pub enum Part {
    Label,
    Input,
    Unit,
    Output,
    Claim,
    Sum,
    Gates,
    Carried,
    Quantity,
    Unrolled,
    UnrolledInput,
    Boxes,
    FedBack,
    Formula,
}

/// The extents found so far in some timesteps.
#[derive(Clone, Debug, Default)]
pub struct Foreseen {
    timesteps: Range<usize>,
    /// What names and words are in.
    language: Language,
    found: RefCell<BTreeMap<(Part, [usize; 6]), Extent>>,
}

impl Foreseen {
    /// The timesteps.
    pub fn timesteps(&self) -> Range<usize> {
        self.timesteps.clone()
    }

    /// Looks at these timesteps, and forgets what was found in others or in another language.
    pub fn look_at(&mut self, timesteps: Range<usize>, language: Language) {
        if (&self.timesteps, self.language) != (&timesteps, language) {
            *self = Self { timesteps, language, found: RefCell::default() };
        }
    }

    /// The extent of a part of which some numbers say which it is and how it is written.
    pub fn extent(&self, part: Part, which: [usize; 6], find: impl FnOnce() -> Extent) -> Extent {
        let known = self.found.borrow().get(&(part, which)).copied();
        known.unwrap_or_else(|| {
            let extent = find();
            self.found.borrow_mut().insert((part, which), extent);
            extent
        })
    }
}

/// The timesteps that are looked at together with one of so many: as many as a key has time for.
pub fn around(network: &Network, t: usize, timesteps: usize) -> Range<usize> {
    let work: usize = network.layers.iter().flat_map(|layer| (0..layer.passes()).map(|pass| layer.cell(pass).work())).sum();
    let together = (MOST_WORK / work.max(1)).clamp(1, MOST);
    let first = t / together * together;
    first..(first + together).min(timesteps)
}
