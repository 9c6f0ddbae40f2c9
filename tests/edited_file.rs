//! Edits that leave the stepper: written to a new file, asked about before it quits.
#![allow(clippy::unwrap_used)]

#[allow(dead_code, reason = "not every test that shares this module needs it")]
mod pty;

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use pty::{Terminal, celda};
use pty_process::blocking::Command;
use rustix::process::Signal;
use tempfile::TempDir;

/// How long anything may take that does not wait for anything.
const SOON: Duration = Duration::from_secs(10);

/// The keys that give the first weight of the cell the value 5.
const EDIT: &str = "e5\r";

/// A folder with a scenario that names a CSV file, and a state directory.
fn lecture() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let intro = "# Kept.\ntitle = \"Mine\"\n[input]\nrows = [[1], [2]]\n[[layer]]\nkind = \"rnn\"\n\
                 input_weights = [[2]] # kept too\nrecurrent_weights = [[0.5]]\n";
    fs::create_dir(folder.path().join("course")).unwrap();
    fs::write(folder.path().join("course/mine.toml"), intro).unwrap();
    fs::write(folder.path().join("course/rows.csv"), "x\n1\n2\n").unwrap();
    let with_file = intro.replace("rows = [[1], [2]]", "file = \"rows.csv\"");
    fs::write(folder.path().join("course/file.toml"), with_file).unwrap();
    folder
}

fn stepper(folder: &TempDir, args: &[&str]) -> Terminal {
    let terminal = Terminal::start(command(folder).args(args));
    terminal.wait_for("t = 0");
    terminal
}

fn command(folder: &TempDir) -> Command {
    celda().current_dir(folder.path()).env("XDG_STATE_HOME", folder.path().join("state"))
}

fn read(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).unwrap()
}

fn checks(path: &Path) {
    let mut check = std::process::Command::new(env!("CARGO_BIN_EXE_celda"));
    check.arg("check").arg(path).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    assert!(pty::spawn(&mut check).unwrap().wait().unwrap().success(), "{}", path.display());
}

#[test]
fn an_edited_scenario_is_written_beside_its_own_and_never_over_a_file() {
    let folder = lecture();
    let before = read(&folder, "course/mine.toml");
    let terminal = stepper(&folder, &["course/mine.toml"]);
    terminal.press("w");
    terminal.wait_for("nothing is edited yet");
    terminal.press(EDIT);
    terminal.press("w");
    terminal.wait_for("saved as mine-edited.toml (");
    terminal.press("w");
    terminal.wait_for("saved as mine-edited-2.toml (");
    assert_eq!(read(&folder, "course/mine.toml"), before);
    assert_eq!(read(&folder, "course/mine-edited.toml"), before.replace("[[2]] #", "[[5]] #"));
    checks(&folder.path().join("course/mine-edited.toml"));
    drop(terminal);
    let terminal = stepper(&folder, &["course/mine-edited-2.toml"]);
    terminal.press("e7\r");
    terminal.press("w");
    terminal.wait_for("saved as mine-edited-3.toml (");
}

#[test]
fn a_scenario_that_names_a_file_still_finds_it_from_where_it_is_written() {
    let folder = lecture();
    let terminal = stepper(&folder, &["course/file.toml"]);
    terminal.press(EDIT);
    terminal.press("w");
    terminal.wait_for("saved as file-edited.toml (");
    checks(&folder.path().join("course/file-edited.toml"));
}

#[test]
fn a_built_in_scenario_is_written_to_the_current_folder() {
    let folder = lecture();
    let terminal = stepper(&folder, &["intro"]);
    terminal.press(EDIT);
    terminal.press("w");
    terminal.wait_for("saved as intro-edited.toml (");
    checks(&folder.path().join("intro-edited.toml"));
}

#[test]
fn numbers_of_another_file_are_not_written_and_the_screen_says_whose() {
    let folder = lecture();
    let terminal = stepper(&folder, &["course/file.toml"]);
    terminal.press("e\x1b[A");
    terminal.press("7\r");
    terminal.press("w");
    terminal.wait_for("not saved: X(0) x comes from rows.csv; undo that edit");
    terminal.press("u");
    terminal.press("w");
    terminal.wait_for("nothing is edited yet");
    drop(terminal);
    let terminal = stepper(&folder, &["sunspots"]);
    terminal.press("e\x1b[A");
    terminal.press("\x1b[A");
    terminal.press("0.5\r");
    terminal.press("w");
    terminal.wait_for("not saved: ");
    assert!(!folder.path().join("sunspots-edited.toml").exists());
}

#[test]
fn quitting_asks_first_while_an_edit_is_not_written() {
    let folder = lecture();
    let mut terminal = stepper(&folder, &["course/mine.toml"]);
    terminal.press(EDIT);
    terminal.press("q");
    terminal.wait_for("quit without writing the edits?");
    for _ in 0..5 {
        terminal.send("q");
    }
    terminal.press("n");
    terminal.wait_for("✎ edited");
    terminal.press("q");
    terminal.wait_for("quit without writing the edits?");
    terminal.press("y");
    assert!(terminal.wait_exit(SOON).status.success());
    terminal.assert_restored();
    assert_eq!(kept(&folder).len(), 0, "it is said that they are lost");
}

#[test]
fn ctrl_c_quits_without_asking_or_from_the_question_and_the_edits_are_kept() {
    for keys in ["\x03", "q\x03", "\x0f\x03"] {
        let folder = lecture();
        let mut terminal = stepper(&folder, &["course/mine.toml"]);
        terminal.press(EDIT);
        terminal.send(keys);
        assert!(terminal.wait_exit(SOON).status.success(), "{keys:?}");
        terminal.assert_restored();
        assert_eq!(kept(&folder).len(), 1, "{keys:?}");
    }
}

#[test]
fn quitting_asks_nothing_once_the_edits_are_written_or_undone() {
    for keys in ["w", "u"] {
        let folder = lecture();
        let mut terminal = stepper(&folder, &["course/mine.toml"]);
        terminal.press(EDIT);
        terminal.press(keys);
        terminal.press("q");
        assert!(terminal.wait_exit(SOON).status.success());
    }
}

#[test]
fn quitting_asks_for_the_edits_of_a_scenario_that_is_not_shown_too() {
    let folder = lecture();
    let mut terminal = stepper(&folder, &["course/mine.toml", "course/file.toml"]);
    terminal.press(EDIT);
    terminal.press("\x0f");
    terminal.press("file.toml\r");
    terminal.press("q");
    terminal.wait_for("quit without writing the edits of course/mine.toml?");
    terminal.signal(Signal::TERM);
    assert!(terminal.wait_exit(SOON).status.code().is_none());
}

/// What is kept for the next start.
fn kept(folder: &TempDir) -> Vec<std::path::PathBuf> {
    let files = fs::read_dir(folder.path().join("state/celda/recovery"));
    files.map(|files| files.map(|file| file.unwrap().path()).collect()).unwrap_or_default()
}

/// Leaves an edit by ending the stepper in some way, and gives the folder.
fn left_by(end: impl FnOnce(&mut Terminal)) -> TempDir {
    let folder = lecture();
    let mut terminal = stepper(&folder, &["course/mine.toml"]);
    terminal.press(EDIT);
    terminal.wait_for("✎ edited");
    end(&mut terminal);
    terminal.wait_exit(SOON);
    folder
}

const OFFER: &str = "take over the edit of an earlier run?";

#[test]
fn an_end_from_outside_leaves_the_edits_and_the_next_start_offers_them() {
    let ends: [fn(&mut Terminal); 4] = [
        |terminal| terminal.signal(Signal::TERM),
        |terminal| terminal.signal(Signal::KILL),
        |terminal| terminal.signal(Signal::HUP),
        Terminal::hang_up,
    ];
    for end in ends {
        let folder = left_by(end);
        let files = kept(&folder);
        assert_eq!(files.len(), 1);
        assert_eq!(fs::metadata(&files[0]).unwrap().permissions().mode() & 0o777, 0o600);
        let terminal = stepper(&folder, &["./course/../course/mine.toml"]);
        terminal.wait_for(OFFER);
        terminal.press("y");
        terminal.wait_for("✎ edited");
        terminal.press("w");
        terminal.wait_for("saved as mine-edited.toml (");
        assert!(read(&folder, "course/mine-edited.toml").contains("[[5]] #"));
        assert_eq!(kept(&folder).len(), 0, "what is written is not kept");
    }
}

#[test]
fn edits_that_were_left_are_offered_until_they_are_taken_or_dropped() {
    let folder = left_by(|terminal| terminal.signal(Signal::TERM));
    let mut later = stepper(&folder, &["course/mine.toml"]);
    later.wait_for(OFFER);
    later.send("\x1b[A");
    later.press("\x1b");
    thread::sleep(Duration::from_millis(200));
    later.press("q");
    assert!(later.wait_exit(SOON).status.success());
    let mut taken = stepper(&folder, &["course/mine.toml"]);
    taken.wait_for(OFFER);
    taken.press("y");
    taken.wait_for("✎ edited");
    taken.signal(Signal::TERM);
    taken.wait_exit(SOON);
    let mut dropped = stepper(&folder, &["course/mine.toml"]);
    dropped.wait_for(OFFER);
    dropped.press("n");
    dropped.press("q");
    assert!(dropped.wait_exit(SOON).status.success());
    assert_eq!(kept(&folder).len(), 0);
}

#[test]
fn ctrl_c_at_the_offer_quits_at_once_and_the_next_start_makes_it_again() {
    let folder = left_by(|terminal| terminal.signal(Signal::TERM));
    let files = kept(&folder);
    let before = fs::read(&files[0]).unwrap();
    for _ in 0..2 {
        let mut later = stepper(&folder, &["course/mine.toml"]);
        later.wait_for(OFFER);
        later.send("\x03");
        assert!(later.wait_exit(SOON).status.success());
        later.assert_restored();
        assert_eq!(kept(&folder), files);
        assert_eq!(fs::read(&files[0]).unwrap(), before);
    }
    let later = stepper(&folder, &["course/mine.toml"]);
    later.wait_for(OFFER);
    later.press("y");
    later.wait_for("✎ edited");
}

#[test]
fn what_is_put_in_the_place_of_a_kept_file_is_neither_read_nor_written() {
    let others: [fn(&Path, &Path); 4] = [
        |kept, outside| symlink(outside, kept).unwrap(),
        |kept, _| symlink("nowhere", kept).unwrap(),
        |kept, _| fs::create_dir(kept).unwrap(),
        |kept, _| assert!(std::process::Command::new("mkfifo").arg(kept).status().unwrap().success()),
    ];
    for other in others {
        let folder = left_by(|terminal| terminal.signal(Signal::TERM));
        let (path, outside) = (kept(&folder).remove(0), folder.path().join("outside"));
        fs::rename(&path, &outside).unwrap();
        let before = fs::read(&outside).unwrap();
        other(&path, &outside);
        let mut terminal = stepper(&folder, &["course/mine.toml"]);
        assert!(!terminal.screen_text().contains(OFFER));
        terminal.press(EDIT);
        terminal.wait_for("✎ edited");
        terminal.signal(Signal::TERM);
        terminal.wait_exit(SOON);
        assert_eq!(kept(&folder).len(), 2, "it is kept at another place");
        assert!(!fs::symlink_metadata(&path).unwrap().is_file());
        assert_eq!(fs::read(&outside).unwrap(), before);
        let later = stepper(&folder, &["course/mine.toml"]);
        later.wait_for(OFFER);
    }
}

#[test]
fn an_edited_scenario_is_written_through_no_link() {
    let folder = lecture();
    let outside = folder.path().join("outside");
    symlink(&outside, folder.path().join("course/mine-edited.toml")).unwrap();
    fs::hard_link(folder.path().join("course/rows.csv"), folder.path().join("course/mine-edited-2.toml")).unwrap();
    let terminal = stepper(&folder, &["course/mine.toml"]);
    terminal.press(EDIT);
    terminal.press("w");
    terminal.wait_for("saved as mine-edited-3.toml (");
    assert!(!outside.exists());
    assert_eq!(read(&folder, "course/rows.csv"), "x\n1\n2\n");
}

#[test]
fn edits_are_offered_on_a_later_version_of_the_file_unless_it_has_another_number_there() {
    let folder = left_by(|terminal| terminal.signal(Signal::TERM));
    let path = folder.path().join("course/mine.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("Mine", "Later").replace("[[2]]", "[[3]]")).unwrap();
    let other = stepper(&folder, &["course/mine.toml"]);
    assert!(!other.screen_text().contains(OFFER));
    drop(other);
    fs::write(&path, text.replace("Mine", "Later")).unwrap();
    let later = stepper(&folder, &["course/mine.toml"]);
    later.wait_for(OFFER);
    later.press("y");
    later.wait_for("✎ edited");
}

#[test]
fn edits_of_what_was_piped_are_offered_on_the_same_text_alone() {
    let folder = lecture();
    let text = read(&folder, "course/mine.toml");
    fs::write(folder.path().join("course/other.toml"), text.replace("Mine", "Other")).unwrap();
    let piped = |name: &str| {
        let line = format!("exec \"$CELDA\" - < course/{name}");
        let shell = pty::command("sh").args(["-c", &line]).env("CELDA", env!("CARGO_BIN_EXE_celda"));
        let terminal = Terminal::start(shell.current_dir(folder.path()).env("XDG_STATE_HOME", folder.path().join("state")));
        terminal.wait_for("t = 0");
        terminal
    };
    let mut first = piped("mine.toml");
    first.press(EDIT);
    first.wait_for("✎ edited");
    first.signal(Signal::TERM);
    first.wait_exit(SOON);
    assert!(!piped("other.toml").screen_text().contains(OFFER));
    piped("mine.toml").wait_for(OFFER);
}

#[test]
fn edits_are_not_offered_where_another_stepper_has_them() {
    let folder = left_by(|terminal| terminal.signal(Signal::TERM));
    let first = stepper(&folder, &["course/mine.toml"]);
    first.wait_for(OFFER);
    let second = stepper(&folder, &["course/mine.toml"]);
    assert!(!second.screen_text().contains(OFFER), "the first has them");
    second.press(EDIT);
    second.wait_for("✎ edited");
    assert_eq!(kept(&folder).len(), 2);
}

#[test]
fn nothing_is_kept_once_the_user_quits_without_writing_or_undoes_all() {
    let folder = left_by(|terminal| {
        terminal.press("q");
        terminal.press("y");
    });
    assert_eq!(kept(&folder).len(), 0);
    let folder = left_by(|terminal| {
        terminal.press("u");
        terminal.signal(Signal::TERM);
    });
    assert_eq!(kept(&folder).len(), 0);
}

#[test]
fn edits_that_stay_over_another_version_of_the_file_are_offered_on_that_version() {
    let folder = lecture();
    let mut terminal = stepper(&folder, &["course/mine.toml"]);
    terminal.press(EDIT);
    terminal.wait_for("✎ edited");
    let path = folder.path().join("course/mine.toml");
    fs::write(&path, read(&folder, "course/mine.toml").replace("Mine", "Later")).unwrap();
    terminal.wait_for("the file was read again");
    terminal.signal(Signal::KILL);
    terminal.wait_exit(SOON);
    let terminal = stepper(&folder, &["course/mine.toml"]);
    terminal.wait_for(OFFER);
    terminal.press("y");
    terminal.wait_for("✎ edited");
}

#[test]
fn nothing_is_kept_of_edits_that_another_version_of_the_file_has_no_place_for() {
    let folder = lecture();
    let mut terminal = stepper(&folder, &["course/mine.toml"]);
    terminal.press(EDIT);
    terminal.wait_for("✎ edited");
    let dense = "title = \"Dense\"\n[input]\nrows = [[1], [2]]\n[[layer]]\nkind = \"dense\"\nweights = [[2]]\n";
    fs::write(folder.path().join("course/mine.toml"), dense).unwrap();
    terminal.wait_for("the file was read again");
    terminal.signal(Signal::KILL);
    terminal.wait_exit(SOON);
    assert_eq!(kept(&folder).len(), 0);
}

#[test]
fn a_scenario_chosen_from_the_list_is_offered_its_edits_too() {
    let folder = lecture();
    let choose = |terminal: &Terminal| {
        terminal.press("\x0f");
        terminal.press("memory\r");
        terminal.wait_for("GRU");
    };
    let mut terminal = stepper(&folder, &["course/mine.toml"]);
    choose(&terminal);
    terminal.press(EDIT);
    terminal.wait_for("✎ edited");
    terminal.signal(Signal::TERM);
    terminal.wait_exit(SOON);
    let terminal = stepper(&folder, &["course/mine.toml"]);
    assert!(!terminal.screen_text().contains(OFFER));
    choose(&terminal);
    terminal.wait_for(OFFER);
    terminal.press("y");
    terminal.wait_for("✎ edited");
}
