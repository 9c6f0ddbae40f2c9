//! Names beside numbers: whole where there is room, else cut so that they stay apart.

use unicode_segmentation::UnicodeSegmentation;

use super::panel::{cut, cut_name};
use super::width::Width;

/// The columns a name keeps, if it is that long, before the digits of numbers do.
pub const LEAST: usize = 12;

/// The columns of a name that are kept before the sign of a cut within it, with that sign.
const START: usize = 4;

/// The columns for some names: what the widest of them needs, of the room that is left, which numbers do not bring below the least.
pub fn width<'n>(names: impl IntoIterator<Item = &'n str>, room: usize) -> usize {
    let widest = names.into_iter().map(Width::width).max().unwrap_or(0);
    widest.min(room.max(LEAST))
}

/// A name in so many columns: whole, or cut where that tells it from the others, or else cut before what does.
pub fn fitted<'n>(name: &str, others: impl IntoIterator<Item = &'n str>, width: usize) -> String {
    let shown = cut_name(name, width);
    if shown == name {
        return shown;
    }
    let kept = shown.split('…').next().unwrap_or_default();
    let alike = others.into_iter().filter(|other| *other != name && other.starts_with(kept) && cut_name(other, width) == shown);
    let Some(same) = alike.map(|other| same_start(name, other)).max() else { return shown };
    let most = width.saturating_sub(START);
    let word = name[..same].rfind(' ').map_or(0, |blank| blank + 1);
    let end = match &name[word..] {
        end if word > 0 && end.width() <= most => end.to_owned(),
        _ => cut(name[same..].trim_start(), most),
    };
    format!("{}{end}", cut(name, width.saturating_sub(end.width())))
}

/// How many bytes two names have in common from their start, up to the grapheme that differs.
fn same_start(one: &str, other: &str) -> usize {
    let graphemes = one.graphemes(true).zip(other.graphemes(true));
    graphemes.take_while(|(one, other)| one == other).map(|(grapheme, _)| grapheme.len()).sum()
}
