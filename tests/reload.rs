//! A scenario's file that changes while it is shown: good and bad versions, editors of every kind, and what is kept.
#![allow(clippy::unwrap_used)]
#![cfg(target_os = "linux")]

mod common;
#[allow(dead_code, reason = "the tests of the terminal need more of it")]
mod pty;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use celda::app::notice::Notice;
use celda::app::settings::{Charset, Language, Settings};
use celda::app::state::State;
use celda::scenario::Scenario;
use celda::scenario::fault::{Faults, Source};
use celda::scenario::file::{Folder, Reach};
use celda::scenario::{build, builtin};
use common::{frame, press, scenario, scenario_of, stepper, text, with_styles};
use pty::{Terminal, celda, command};
use tempfile::TempDir;

/// What the first version's first weight is, and what a later one's is.
const FIRST: &str = "input_weights = [[2, 3]]";
const LATER: &str = "input_weights = [[5, 3]]";
const BAD: &str = "input_weights = [[5, 3, 4]]";

/// What is said of a version that was taken over, and of one that was not.
const TAKEN_OVER: &str = "the file was read again";
const LAST_GOOD: &str = "its last good version is shown";

/// The scenario `intro` with another first line of weights.
fn version(weights: &str) -> String {
    let intro = builtin::find("intro").unwrap().toml;
    assert!(intro.contains(FIRST));
    intro.replace(FIRST, weights)
}

/// A file in a folder of its own, and the stepper on it after two steps.
fn shown() -> (TempDir, PathBuf, Terminal) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.toml");
    fs::write(&path, version(FIRST)).unwrap();
    let terminal = Terminal::start(celda().current_dir(folder.path()).arg("a.toml"));
    terminal.wait_for("step 1/4");
    terminal.press("nn");
    terminal.wait_for("step 3/4");
    terminal.wait_for("= ReLU(170) = 170");
    (folder, path, terminal)
}

/// Writes a file beside another and puts it in its place, as vim and most editors do.
fn replace(path: &Path, text: &str) {
    let new = path.with_extension("new");
    fs::write(&new, text).unwrap();
    fs::rename(new, path).unwrap();
}

#[test]
fn a_good_version_is_taken_over_at_the_same_timestep() {
    let (_folder, path, terminal) = shown();
    fs::write(&path, version(LATER)).unwrap();
    terminal.wait_for("ReLU(5·1 + 3·56 + (-0.1)·0) = ReLU(173) = 173");
    terminal.wait_for(TAKEN_OVER);
    terminal.wait_for("step 3/4");
}

#[test]
fn a_bad_version_is_said_with_its_place_until_it_is_mended_and_the_last_good_one_stays() {
    let (_folder, path, terminal) = shown();
    fs::write(&path, version(BAD)).unwrap();
    terminal.wait_for("a.toml:18:17: input_weights of layer 1 has 3 columns");
    terminal.wait_for(LAST_GOOD);
    terminal.wait_for("= ReLU(170) = 170");
    terminal.press("n");
    terminal.wait_for("step 4/4");
    assert!(terminal.screen_text().contains(LAST_GOOD), "a key does not take it away");
    fs::write(&path, version(LATER)).unwrap();
    terminal.wait_for(TAKEN_OVER);
    assert!(!terminal.screen_text().contains(LAST_GOOD));
}

#[test]
fn a_file_put_in_the_place_of_another_is_noticed_again_and_again() {
    let (_folder, path, terminal) = shown();
    for (weights, sum) in [(LATER, 173), (FIRST, 170), (LATER, 173)] {
        replace(&path, &version(weights));
        terminal.wait_for(&format!("= ReLU({sum}) = {sum}"));
    }
}

/// On a busy machine the editor may seem to take longer than it does, but not each time.
#[test]
fn an_editor_that_moves_the_file_away_before_it_writes_flashes_no_fault() {
    let is_calm = || {
        let (_folder, path, terminal) = shown();
        fs::rename(&path, path.with_extension("toml~")).unwrap();
        std::thread::sleep(Duration::from_millis(20));
        fs::write(&path, "").unwrap();
        std::thread::sleep(Duration::from_millis(20));
        fs::write(&path, version(LATER)).unwrap();
        terminal.wait_for("= ReLU(173) = 173");
        let said = terminal.raw();
        !String::from_utf8_lossy(&said).contains("✗ a.toml")
    };
    assert!((0..4).any(|_| is_calm()), "a file that is being written is not what is to be read");
}

#[test]
fn a_file_behind_a_link_in_another_folder_is_watched() {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (folder.path().join("one"), folder.path().join("other"));
    fs::create_dir(&one).unwrap();
    fs::create_dir(&other).unwrap();
    fs::write(other.join("real.toml"), version(FIRST)).unwrap();
    std::os::unix::fs::symlink("../other/real.toml", one.join("a.toml")).unwrap();
    let terminal = Terminal::start(celda().arg(one.join("a.toml")));
    terminal.wait_for("step 1/4");
    replace(&other.join("real.toml"), &version("input_weights = [[2, 7]]"));
    terminal.wait_for("= ReLU(161) = 161");
}

#[test]
fn a_link_to_another_folder_is_followed_when_it_is_swapped() {
    let folder = tempfile::tempdir().unwrap();
    let here = |name: &str| folder.path().join(name);
    for (name, weights) in [("spring", FIRST), ("autumn", "input_weights = [[2, 7]]")] {
        fs::create_dir(here(name)).unwrap();
        fs::write(here(name).join("a.toml"), version(weights)).unwrap();
    }
    std::os::unix::fs::symlink("spring", here("term")).unwrap();
    std::os::unix::fs::symlink("term", here("now")).unwrap();
    let terminal = Terminal::start(celda().current_dir(folder.path()).arg("now/a.toml"));
    terminal.wait_for("= ReLU(69) = 69");
    fs::write(here("spring").join("a.toml"), version("input_weights = [[2, 4]]")).unwrap();
    terminal.wait_for("= ReLU(92) = 92");
    std::os::unix::fs::symlink("autumn", here("other")).unwrap();
    fs::rename(here("other"), here("term")).unwrap();
    terminal.wait_for("= ReLU(161) = 161");
    fs::write(here("autumn").join("a.toml"), version("input_weights = [[2, 5]]")).unwrap();
    terminal.wait_for("= ReLU(115) = 115");
}

#[test]
fn a_folder_that_is_deleted_and_made_anew_is_watched_again() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("lecture");
    let put = |weights: &str| {
        fs::create_dir(&inner).unwrap();
        fs::write(inner.join("a.toml"), version(weights)).unwrap();
    };
    put(FIRST);
    let terminal = Terminal::start(celda().current_dir(folder.path()).arg("lecture/a.toml"));
    terminal.wait_for("= ReLU(69) = 69");
    fs::remove_dir_all(&inner).unwrap();
    terminal.wait_for("there is no such file");
    put("input_weights = [[2, 7]]");
    terminal.wait_for("= ReLU(161) = 161");
    fs::write(inner.join("a.toml"), version("input_weights = [[2, 5]]")).unwrap();
    terminal.wait_for("= ReLU(115) = 115");
}

#[test]
fn a_file_that_is_deleted_is_said_and_taken_over_when_it_is_back() {
    let (_folder, path, terminal) = shown();
    fs::remove_file(&path).unwrap();
    terminal.wait_for("a.toml: there is no such file");
    terminal.wait_for("= ReLU(170) = 170");
    fs::write(&path, version(LATER)).unwrap();
    terminal.wait_for("= ReLU(173) = 173");
    assert!(!terminal.screen_text().contains("there is no such file"));
}

#[test]
fn what_is_no_regular_file_or_too_large_is_said_and_nothing_waits_for_it() {
    let (_folder, path, terminal) = shown();
    fs::remove_file(&path).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
    terminal.wait_for("this is a FIFO, not a regular file");
    fs::remove_file(&path).unwrap();
    fs::write(&path, "# a comment\n".repeat(900_000)).unwrap();
    terminal.wait_for("it is larger than 8 MiB");
    terminal.press("n");
    terminal.wait_for("step 4/4");
}

#[test]
fn the_rows_that_a_scenario_names_are_watched_too() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("data")).unwrap();
    let rows = folder.path().join("data/rows.csv");
    fs::write(&rows, "a\n1\n2\n").unwrap();
    let toml = "title = \"Rows\"\n[input]\nfile = \"data/rows.csv\"\n[[layer]]\nkind = \"rnn\"\nactivation = \"linear\"\n\
                input_weights = [[3]]\nrecurrent_weights = [[0]]\n";
    fs::write(folder.path().join("a.toml"), toml).unwrap();
    let terminal = Terminal::start(celda().arg(folder.path().join("a.toml")));
    terminal.wait_for("step 1/2");
    replace(&rows, "a\n7\n2\n4\n");
    terminal.wait_for("step 1/3");
    terminal.wait_for("3·7");
    fs::remove_file(&rows).unwrap();
    terminal.wait_for("there is no such file");
    fs::write(&rows, "a\n8\n").unwrap();
    terminal.wait_for("step 1/1");
}

#[test]
fn a_scenario_that_is_not_shown_is_taken_over_as_well() {
    let (folder, path, _terminal) = shown();
    fs::write(folder.path().join("b.toml"), version(FIRST).replace("One recurrent cell", "Another")).unwrap();
    let terminal = Terminal::start(celda().current_dir(folder.path()).args(["b.toml", "a.toml"]));
    terminal.wait_for("Another");
    fs::write(&path, version(BAD)).unwrap();
    terminal.press("\x0f");
    terminal.wait_for("✗ a.toml:18:17: ");
    fs::write(&path, version("input_weights = [[2, 7]]")).unwrap();
    terminal.wait_for("One recurrent cell");
    terminal.press("\x1b[B\r");
    terminal.wait_for("= ReLU(161) = 161");
}

#[test]
fn the_key_reads_a_file_again_and_says_where_there_is_none() {
    let (_folder, _path, terminal) = shown();
    terminal.send("r");
    terminal.wait_for(TAKEN_OVER);
    let terminal = Terminal::start(celda());
    terminal.wait_for("step 1/4");
    terminal.press("r");
    terminal.wait_for("a built-in scenario has no file to read again");
    let line = "\"$CELDA\" scenarios intro | \"$CELDA\" -";
    let terminal = Terminal::start(command("sh").args(["-c", line]).env("CELDA", env!("CARGO_BIN_EXE_celda")));
    terminal.wait_for("step 1/4");
    terminal.press("r");
    terminal.wait_for("standard input cannot be read again");
}

/// As where the limit of watches is reached.
#[test]
fn where_changes_cannot_be_heard_it_says_so_and_the_key_still_reads() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.toml");
    fs::write(&path, version(FIRST)).unwrap();
    let line = "echo 0 > /proc/sys/user/max_inotify_instances && exec \"$CELDA\" \"$FILE\" || echo no such limit";
    let unshare = command("unshare").args(["--user", "--map-root-user", "sh", "-c", line]);
    let terminal = Terminal::start(unshare.env("CELDA", env!("CARGO_BIN_EXE_celda")).env("FILE", &path));
    let is_settled = || ["not noticed", "no such limit", "unshare: "].iter().any(|text| terminal.screen_text().contains(text));
    pty::wait_until(pty::PATIENCE, "the stepper, or why there is none", is_settled);
    if !terminal.screen_text().contains("not noticed") {
        println!("skipped: the limit of watches cannot be set");
        return;
    }
    fs::write(&path, version("input_weights = [[2, 7]]")).unwrap();
    terminal.send("r");
    terminal.wait_for("= ReLU(161) = 161");
}

#[test]
fn a_file_that_nobody_changes_costs_nothing() {
    let (folder, _path, terminal) = shown();
    let switches = || {
        let tasks = fs::read_dir(format!("/proc/{}/task", terminal.pid())).unwrap();
        let status = tasks.map(|task| fs::read_to_string(task.unwrap().path().join("status")).unwrap()).collect::<String>();
        status.lines().filter(|line| line.contains("ctxt_switches")).map(str::to_owned).collect::<Vec<_>>()
    };
    std::thread::sleep(Duration::from_secs(1));
    let before = switches();
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(switches(), before);
    let shown = terminal.raw().len();
    fs::write(folder.path().join("something else"), "of no interest").unwrap();
    std::thread::sleep(Duration::from_secs(1));
    assert_eq!(terminal.raw().len(), shown, "what is beside it changes nothing");
}

/// A file's text as the scenario it is, or what is wrong in it.
fn read(toml: &str) -> Result<Scenario, Faults> {
    let source = Source::new("course/week-3/vanishing-gradients.toml".into(), toml.into());
    build::build(&source, &Folder::Disk { path: ".".into(), reach: Reach::Folder })
}

/// A state that was told of a version with two faults.
fn broken(settings: Settings, keys: &str) -> State {
    let mut state = stepper(scenario("intro"), settings, keys);
    state.reload(read(&version(BAD).replace("title", "tilte")));
    state
}

#[test]
fn a_smaller_version_is_shown_at_the_nearest_place() {
    let mut state = stepper(scenario("network"), Settings::default(), "G Z J J tab tab");
    assert_eq!(state.focus().layer, 2);
    let zoom = state.zoom();
    state.reload(read("title = \"Small\"\n[input]\nrows = [[1]]\n[[layer]]\nkind = \"dense\"\nweights = [[1]]\n"));
    assert_eq!((state.t(), state.focus().layer, state.focus().unit, state.focus().gate), (0, 0, 0, 0));
    assert_eq!((state.zoom(), state.notice()), (zoom, Some(&Notice::Reloaded { kept: 0, lost: 0 })));
    frame(&mut state, (80, 24));
}

#[test]
fn the_gate_and_the_unit_looked_at_stay_where_they_are_still_there() {
    let mut state = stepper(scenario("counter"), Settings::default(), "n . .");
    let focus = state.focus();
    state.reload(read(builtin::find("counter").unwrap().toml));
    assert_eq!((state.focus(), state.t()), (focus, 1));
    state.reload(Ok(scenario("intro")));
    assert_eq!(state.focus().gate, 0);
}

#[test]
fn edits_stay_over_a_new_version_and_undo_leads_to_it() {
    let mut state = stepper(scenario("intro"), Settings::default(), "e 9 enter");
    let weight = |state: &State| state.terms()[0].weight;
    assert_eq!(weight(&state), 9.0);
    state.reload(read(&version(LATER)));
    assert_eq!((weight(&state), state.terms()[1].weight), (9.0, 3.0));
    assert_eq!(state.notice(), Some(&Notice::Reloaded { kept: 1, lost: 0 }));
    press(&mut state, "u");
    assert_eq!(weight(&state), 5.0);
}

#[test]
fn an_edit_of_a_number_that_is_no_longer_there_is_said_to_be_lost() {
    let mut state = stepper(scenario("intro"), Settings::default(), "e tab 9 enter =");
    let one = "title = \"One\"\n[input]\nrows = [[1], [2]]\n[[layer]]\nkind = \"rnn\"\ninput_weights = [[4]]\n\
               recurrent_weights = [[1]]\n";
    state.reload(read(one));
    assert_eq!(state.notice(), Some(&Notice::Reloaded { kept: 0, lost: 1 }));
    assert!(!state.is_comparing());
    let shown = text(&frame(&mut state, (80, 24)));
    assert!(shown.contains("✗ the file was read again; 1 edited number is no longer in it"), "{shown}");
}

#[test]
fn a_number_that_is_typed_while_the_file_changes_stays_typed() {
    let mut state = stepper(scenario("intro"), Settings::default(), "e 9");
    state.reload(read(&version(LATER)));
    assert_eq!(state.entry().unwrap().field.text(), "9");
    press(&mut state, "enter");
    assert_eq!(state.terms()[0].weight, 9.0);
}

#[test]
fn a_bad_version_changes_nothing_but_what_is_said() {
    let mut state = broken(Settings::default(), "n");
    assert_eq!(state.scenario().title.get(Language::En), "One recurrent cell");
    let said = state.broken().unwrap();
    assert_eq!(said.fault.get(Language::En), "course/week-3/vanishing-gradients.toml:1:1: the scenario has no `title`");
    assert!(said.more > 0);
    state.reload(Ok(scenario("intro")));
    assert_eq!(state.broken(), None);
}

#[test]
fn what_is_wrong_with_the_file_on_screens_of_every_size() {
    for (width, height) in [(80, 24), (120, 40), (40, 12)] {
        for language in Language::ALL {
            let mut state = broken(Settings { language, ..Settings::default() }, "n");
            let buffer = frame(&mut state, (width, height));
            insta::assert_snapshot!(format!("broken-{width}x{height}-{}", language.code()), with_styles(&buffer));
        }
    }
}

#[test]
fn what_is_wrong_with_the_file_breaks_no_screen() {
    for keys in ["", "Z", "Z Z", "o", "?", "F", "e"] {
        let mut state = broken(Settings { charset: Charset::Ascii, ..Settings::default() }, keys);
        for size in [(0, 0), (1, 1), (1, 50), (50, 1), (8, 3), (20, 5), (39, 11), (40, 12), (80, 13), (300, 100)] {
            assert!(text(&frame(&mut state, size)).is_ascii(), "{keys} {size:?}");
        }
    }
}

#[test]
fn what_is_wrong_with_the_file_is_under_a_formula_that_stands_alone() {
    let mut state = broken(Settings::default(), "n");
    let shown = text(&frame(&mut state, (60, 5)));
    assert!(shown.lines().last().unwrap().starts_with(" ✗ course/week-3"), "{shown}");
    let scenario = scenario_of(&version(LATER));
    state.reload(Ok(scenario));
    assert!(!text(&frame(&mut state, (60, 5))).contains("week-3"));
}
