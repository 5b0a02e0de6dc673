//! A round while it is decided: what is given, what is not, what is open, and the best plan so far.

use std::collections::BTreeMap;

use super::{Asker, Round, Wish};
use crate::index::{AskIx, AskerIx, IndexVec, Ix, OfferedIx};

/// A wish, with whose it is and for what.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ask<'a> {
    pub(super) asker: AskerIx,
    /// Its place among their wishes.
    pub(super) place: usize,
    pub(super) session: OfferedIx,
    pub(super) wish: &'a Wish,
}

/// Whether a wish is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Open,
    Given,
    Not,
}

/// That so many at least of these, all wanted equally much by one person, are given.
#[derive(Debug, Clone)]
pub(super) struct Promise {
    pub(super) asks: Vec<AskIx>,
    pub(super) least: i64,
}

/// What limits a choice among open asks: so much of each may come to so much at most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) takes: Vec<(AskIx, i64)>,
    pub(super) most: i64,
}

/// A round while it is decided.
pub(super) struct Open<'a> {
    pub(super) people: IndexVec<AskerIx, &'a Asker>,
    /// Places and priority.
    pub(super) sessions: IndexVec<OfferedIx, (i64, i64)>,
    pub(super) asks: IndexVec<AskIx, Ask<'a>>,
    /// Everybody's asks, in the order of their wishes.
    pub(super) of_asker: IndexVec<AskerIx, Vec<AskIx>>,
    of_session: IndexVec<OfferedIx, Vec<AskIx>>,
    pub(super) standing: IndexVec<AskIx, Standing>,
    /// The best plan so far. It holds what is given, and nothing that is not.
    pub(super) plan: IndexVec<AskIx, bool>,
    pub(super) promises: Vec<Promise>,
}

impl<'a> Open<'a> {
    /// Everything is open, and the plan empty. The round is a valid one.
    pub(super) fn of(round: &'a Round) -> Self {
        let ids = round.sessions.iter().map(|session| session.id.as_str());
        let numbers: BTreeMap<&str, OfferedIx> = ids.zip(OfferedIx::each(0..round.sessions.len())).collect();
        let sessions = round.sessions.iter();
        let sessions: IndexVec<OfferedIx, (i64, i64)> =
            sessions.map(|session| (i64::from(session.places), i64::from(session.priority))).collect();
        let people: IndexVec<AskerIx, &Asker> = round.people.iter().collect();
        let (mut asks, mut of_asker) = (IndexVec::new(), IndexVec::new());
        let mut of_session = IndexVec::repeat(Vec::new(), sessions.len());
        for (asker, person) in people.numbered() {
            let mut own = Vec::new();
            for (place, wish) in person.wishes.iter().enumerate() {
                let session = numbers[wish.session.as_str()];
                let ask = asks.push(Ask { asker, place, session, wish });
                of_session[session].push(ask);
                own.push(ask);
            }
            of_asker.push(own);
        }
        let (standing, plan) =
            (IndexVec::repeat(Standing::Open, asks.len()), IndexVec::repeat(false, asks.len()));
        let promises = Vec::new();
        Self { people, sessions, asks, of_asker, of_session, standing, plan, promises }
    }

    /// How often giving it counts as filled.
    pub(super) fn weight(&self, ask: AskIx) -> i64 {
        self.sessions[self.asks[ask].session].1
    }

    fn is(&self, ask: AskIx, standing: Standing) -> bool {
        self.standing[ask] == standing
    }

    /// Whoever has a place of the session, in the plan.
    pub(super) fn holders(&self, session: OfferedIx) -> impl Iterator<Item = AskIx> {
        self.of_session[session].iter().copied().filter(|ask| self.plan[*ask])
    }

    /// What somebody has in the plan, by its place among their wishes.
    pub(super) fn held(&self, asker: AskerIx) -> impl Iterator<Item = AskIx> {
        self.of_asker[asker].iter().copied().filter(|ask| self.plan[*ask])
    }

    /// Decides these. What does not go with it any more is decided with it.
    pub(super) fn settle(&mut self, asks: &[AskIx], standing: Standing) {
        for ask in asks {
            self.standing[*ask] = standing;
        }
        if standing == Standing::Given {
            let open = self.asks.numbers().filter(|ask| self.is(*ask, Standing::Open));
            let falls = |ask: &AskIx| self.touches(asks, *ask) && !self.fits_beside_given(*ask);
            for ask in open.filter(falls).collect::<Vec<_>>() {
                self.standing[ask] = Standing::Not;
            }
        }
    }

    fn touches(&self, given: &[AskIx], ask: AskIx) -> bool {
        let Ask { asker, session, .. } = self.asks[ask];
        given.iter().any(|given| self.asks[*given].asker == asker || self.asks[*given].session == session)
    }

    pub(super) fn fits_beside_given(&self, ask: AskIx) -> bool {
        self.rows(&[ask]).iter().all(|row| row.takes.iter().map(|(_, takes)| takes).sum::<i64>() <= row.most)
    }

    /// What limits a choice among these open asks, beside what is given: places, what stands apart, limits.
    pub(super) fn rows(&self, among: &[AskIx]) -> Vec<Row> {
        let mut by_session: BTreeMap<OfferedIx, Vec<AskIx>> = BTreeMap::new();
        let mut by_asker: BTreeMap<AskerIx, Vec<AskIx>> = BTreeMap::new();
        for ask in among {
            by_session.entry(self.asks[*ask].session).or_default().push(*ask);
            by_asker.entry(self.asks[*ask].asker).or_default().push(*ask);
        }
        let mut rows: Vec<Row> = Vec::new();
        for (session, asks) in by_session {
            let given = self.of_session[session].iter().filter(|ask| self.is(**ask, Standing::Given)).count();
            let left = self.sessions[session].0 - i64::try_from(given).unwrap_or(i64::MAX);
            rows.push(Row::each_one(asks, left));
        }
        for (asker, asks) in by_asker {
            rows.extend(self.rows_of_asker(asker, &asks));
        }
        rows
    }

    fn rows_of_asker(&self, asker: AskerIx, asks: &[AskIx]) -> Vec<Row> {
        let person = self.people[asker];
        let own = &self.of_asker[asker];
        let given: Vec<AskIx> = own.iter().copied().filter(|ask| self.is(*ask, Standing::Given)).collect();
        let are_apart = |one: AskIx, other: AskIx| {
            let (one, other) = (self.asks[one].place, self.asks[other].place);
            person.apart.contains(&(one, other)) || person.apart.contains(&(other, one))
        };
        let mut rows = Vec::new();
        for ask in asks.iter().filter(|ask| given.iter().any(|given| are_apart(**ask, *given))) {
            rows.push(Row::each_one(vec![*ask], 0));
        }
        // Sets of which each two stand apart bind more tightly than one pair after another.
        for (at, one) in asks.iter().enumerate() {
            for other in &asks[at + 1..] {
                let is_told = |row: &Row| row.names(*one) && row.names(*other);
                if !are_apart(*one, *other) || rows.iter().any(is_told) {
                    continue;
                }
                let mut apart = vec![*one, *other];
                for third in asks {
                    if !apart.contains(third) && apart.iter().all(|each| are_apart(*each, *third)) {
                        apart.push(*third);
                    }
                }
                rows.push(Row::each_one(apart, 1));
            }
        }
        for limit in &person.limits {
            let takes = |ask: &AskIx| limit.takes[self.asks[*ask].place];
            let left = limit.most - given.iter().map(takes).sum::<i64>();
            rows.push(Row { takes: asks.iter().map(|ask| (*ask, takes(ask))).collect(), most: left });
        }
        if let Some(most) = person.most {
            let left = i64::from(most) - i64::try_from(given.len()).unwrap_or(i64::MAX);
            rows.push(Row::each_one(asks.to_vec(), left));
        }
        rows
    }

    /// The open asks that hang together with one, itself among them: of one person, or for one session, and so on.
    pub(super) fn part_of(&self, ask: AskIx) -> Vec<AskIx> {
        let mut seen = IndexVec::repeat(false, self.asks.len());
        seen[ask] = true;
        let (mut part, mut ahead) = (Vec::new(), vec![ask]);
        while let Some(ask) = ahead.pop() {
            part.push(ask);
            let Ask { asker, session, .. } = self.asks[ask];
            for next in self.of_asker[asker].iter().chain(&self.of_session[session]) {
                if !seen[*next] && self.is(*next, Standing::Open) {
                    seen[*next] = true;
                    ahead.push(*next);
                }
            }
        }
        part.sort_unstable();
        part
    }

    /// The parts of what is open.
    pub(super) fn parts(&self) -> Vec<Vec<AskIx>> {
        let mut seen = IndexVec::repeat(false, self.asks.len());
        let mut parts = Vec::new();
        for ask in self.asks.numbers().filter(|ask| self.is(*ask, Standing::Open)) {
            if !seen[ask] {
                let part = self.part_of(ask);
                for ask in &part {
                    seen[*ask] = true;
                }
                parts.push(part);
            }
        }
        parts
    }
}

impl Row {
    /// At most so many of these.
    fn each_one(asks: Vec<AskIx>, most: i64) -> Self {
        Self { takes: asks.into_iter().map(|ask| (ask, 1)).collect(), most }
    }

    fn names(&self, ask: AskIx) -> bool {
        self.takes.iter().any(|(named, _)| *named == ask)
    }
}
