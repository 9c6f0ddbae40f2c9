//! What there is beside the stepper in its terminal: the files it asks for and shows, and those who follow it.

use std::time::SystemTime;

use crate::app::lecture::Lecture;
use crate::app::notice::Notice;
use crate::app::request::Request;
use crate::companion::clock;
use crate::companion::host::Host;
use crate::companion::position::{Teller, position};
use crate::new_file;
use crate::recovery::Recovery;
use crate::scenario::file::{Reach, system_words};
use crate::scenario::load::Origin;
use crate::scenario::text::both;
use crate::terminal::{Outside, Waker};
use crate::watch::{News, Watch, Watched};

/// The world outside the stepper.
pub struct Beside {
    /// When the scenarios were read first.
    opened: SystemTime,
    /// How far they may reach for files.
    reach: Reach,
    /// What hears of changes of their files; none where it shows no files.
    watch: Option<Watch>,
    recovery: Recovery,
    /// Whether it is said that edits cannot be kept: once is enough.
    not_kept: bool,
    teller: Teller,
    /// None where nobody can follow.
    followers: Option<Host>,
}

impl Beside {
    /// What there is beside a stepper on scenarios that were read at a time.
    pub fn new(opened: SystemTime, reach: Reach) -> Self {
        let teller = Teller { pid: std::process::id(), since: clock::seconds() };
        Self { opened, reach, watch: None, recovery: Recovery::of_user(), not_kept: false, teller, followers: None }
    }

    /// Asks about the edits that an earlier run left of the scenario shown, unless it has others already.
    pub fn offer_edits(&mut self, lecture: &mut Lecture) {
        let is_edited = !lecture.state().unwritten_edits().is_empty();
        let find = || self.recovery.find(lecture.name(), lecture.origin(), lecture.state().scenario());
        if let Some(edits) = (!is_edited).then(find).flatten() {
            lecture.state_mut().offer(edits);
        }
    }

    /// Keeps no edit any more: the user quit.
    pub fn discard_edits(&mut self) {
        self.recovery.discard();
    }

    fn keep_edits(&mut self, lecture: &Lecture, scenario: usize) -> Option<Notice> {
        let (name, origin, state) = lecture.open(scenario)?;
        let kept = self.recovery.keep(name, origin, state.original(), &state.unwritten_edits());
        let error = kept.err().filter(|_| !std::mem::replace(&mut self.not_kept, true))?;
        Some(Notice::NotKept(system_words(&error)))
    }

    fn reload(&self, lecture: &Lecture) -> Option<Notice> {
        match (lecture.origin(), &self.watch) {
            (Origin::File, Some(watch)) => {
                watch.read(lecture.shown());
                None
            }
            (Origin::File, None) => Some(Notice::NotWatched(both!("no thread", "no hay hilo"))),
            (Origin::BuiltIn, _) => Some(Notice::BuiltInHasNoFile),
            (Origin::StandardInput, _) => Some(Notice::StandardInputHasNoFile),
        }
    }
}

impl Outside for Beside {
    fn carry_out(&mut self, request: Request, lecture: &mut Lecture, size: (u16, u16)) -> Option<Notice> {
        match request {
            Request::Reload => self.reload(lecture),
            Request::WriteScenario => {
                let notice = new_file::save_edited(lecture);
                self.keep_edits(lecture, lecture.shown());
                Some(notice)
            }
            Request::KeepEdits => self.keep_edits(lecture, lecture.shown()),
            Request::AdoptEdits => {
                self.recovery.adopt(lecture.name(), lecture.origin());
                self.keep_edits(lecture, lecture.shown())
            }
            Request::FindEdits => {
                self.offer_edits(lecture);
                None
            }
            Request::DropEdits => {
                self.recovery.drop_found(lecture.name(), lecture.origin());
                None
            }
            Request::SaveFrame => {
                let stem = new_file::stem(lecture.name());
                Some(new_file::save_frame(&stem, lecture.state_mut(), size))
            }
        }
    }

    fn begin(&mut self, lecture: &mut Lecture, waker: Waker) {
        let follows = waker.clone();
        self.followers = Host::start(move || follows.wake()).ok();
        let files: Vec<Watched> = lecture.files().map(|(scenario, name)| Watched { scenario, name: name.to_owned() }).collect();
        if files.is_empty() {
            return;
        }
        match Watch::start(files, self.reach, self.opened, move || waker.wake()) {
            Ok(watch) => self.watch = Some(watch),
            Err(error) => lecture.state_mut().tell(Notice::NotWatched(system_words(&error))),
        }
    }

    fn woken(&mut self, lecture: &mut Lecture) {
        let news: Vec<News> = self.watch.iter().flat_map(Watch::news).collect();
        for news in news {
            match news {
                News::Read(scenario, version) => {
                    lecture.reload(scenario, *version);
                    // They are found by the text, and some may have no place in it.
                    if let Some(notice) = self.keep_edits(lecture, scenario) {
                        lecture.state_mut().tell(notice);
                    }
                }
                News::NotWatched(reason) => lecture.state_mut().tell(Notice::NotWatched(reason)),
            }
        }
    }

    fn shown(&mut self, lecture: &mut Lecture) {
        if let Some(followers) = &mut self.followers {
            followers.tell(|| position(lecture, &self.teller));
        }
    }
}
