//! Sizes of the terminal, odd ones and many in a row.

use super::{SCREENS, at, fresh_screen, on_every, resize_and_wait};
use crate::pty::{PATIENCE, SIZE, Terminal, celda, resize_200_times_in_a_second};

/// Sizes no layout was made for.
const ODD_SIZES: [(u16, u16); 6] = [(0, 0), (1, 1), (1, 200), (200, 1), (20, 5), (500, 500)];

#[test]
fn every_screen_survives_odd_sizes_and_comes_back_as_from_a_fresh_start() {
    on_every(&SCREENS, |screen| {
        let terminal = screen.open();
        let (fresh, styles) = (terminal.screen_text(), terminal.styled_text());
        for size in ODD_SIZES {
            resize_and_wait(&terminal, size);
            resize_and_wait(&terminal, SIZE);
            terminal.wait_for_screen(PATIENCE, &fresh);
            assert_eq!(terminal.styled_text(), styles, "after {size:?}");
        }
    });
}

#[test]
fn a_start_at_an_odd_size_is_forgotten_with_it() {
    let fresh = fresh_screen(celda(), "", &at(0));
    for size in ODD_SIZES {
        let terminal = Terminal::start_sized(celda(), size);
        terminal.wait_for_frame(0);
        terminal.resize(SIZE);
        terminal.wait_for_screen(PATIENCE, &fresh);
    }
}

#[test]
fn a_storm_of_resizes_is_few_repaints_and_the_right_last_frame_on_every_screen() {
    const MOST_REPAINTS: usize = 30;
    on_every(&SCREENS, |screen| {
        let terminal = screen.open();
        let (fresh, styles, before) = (terminal.screen_text(), terminal.styled_text(), terminal.frames());
        resize_200_times_in_a_second(&terminal);
        terminal.wait_for_screen(PATIENCE, &fresh);
        terminal.wait_for_rest();
        assert_eq!(terminal.styled_text(), styles);
        let repaints = terminal.frames() - before;
        assert!(repaints <= MOST_REPAINTS, "{repaints} repaints on the screen of {:?}", screen.keys);
    });
}
