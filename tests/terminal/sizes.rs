//! Sizes of the terminal, odd ones and many in a row.

use std::thread;
use std::time::{Duration, Instant};

use super::{SCREENS, at, fresh_screen, on_every, resize_and_wait};
use crate::pty::{PATIENCE, SIZE, Terminal, celda};

/// Sizes no layout was made for.
const ODD_SIZES: [(u16, u16); 6] = [(0, 0), (1, 1), (1, 200), (200, 1), (20, 5), (500, 500)];

#[test]
fn every_screen_survives_odd_sizes_and_comes_back_as_from_a_fresh_start() {
    on_every(&SCREENS, |screen| {
        let terminal = screen.open();
        let fresh = terminal.screen_text();
        for size in ODD_SIZES {
            resize_and_wait(&terminal, size);
            resize_and_wait(&terminal, SIZE);
            terminal.wait_for_screen(PATIENCE, &fresh);
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
    const MOST_REPAINTS_A_SECOND: u64 = 30;
    on_every(&SCREENS, |screen| {
        let terminal = screen.open();
        let (fresh, before) = (terminal.screen_text(), terminal.frames());
        let start = Instant::now();
        for i in 0..200 {
            terminal.resize((60 + i % 40, 20 + i % 10));
            thread::sleep(Duration::from_millis(5));
        }
        terminal.resize(SIZE);
        let seconds = start.elapsed().as_secs() + 1;
        terminal.wait_for_screen(PATIENCE, &fresh);
        let repaints = (terminal.frames() - before) as u64;
        assert!(repaints <= MOST_REPAINTS_A_SECOND * seconds, "{repaints} repaints in {seconds} s");
    });
}
